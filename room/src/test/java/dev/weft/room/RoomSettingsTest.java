package dev.weft.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.settings.InvalidSettingException;
import dev.weft.settings.Settings;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoomSettingsTest {
    @Test
    void defaultsAreThoseOfYRedis() {
        assertThat(RoomSettings.from(Settings.of(Map.of("REDIS", "redis://host:1"))))
                .isEqualTo(new RoomSettings(
                        RedisURI.create("redis://host:1"),
                        "y",
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5)));
    }

    @Test
    void redisUrlIsTheSecondNameOfRedis() {
        assertThat(RoomSettings.from(Settings.of(Map.of("REDIS_URL", "redis://b:2")))
                        .redis()
                        .getHost())
                .isEqualTo("b");
        assertThat(RoomSettings.from(Settings.of(Map.of("REDIS", "redis://a:1", "REDIS_URL", "redis://b:2")))
                        .redis()
                        .getHost())
                .isEqualTo("a");
    }

    @Test
    void missingRedisIsNamed() {
        assertThatThrownBy(() -> RoomSettings.from(Settings.of(Map.of())))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("REDIS");
    }
}
