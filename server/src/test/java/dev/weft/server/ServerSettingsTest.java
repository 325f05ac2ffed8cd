package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.settings.InvalidSettingException;
import dev.weft.settings.Settings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ServerSettingsTest {
    private static final String JWK = new TestKeys().jwk();
    private static final String CALLBACK = "http://localhost:5173/auth/perm";

    @Test
    void defaultsAreWhatTheHelpSays() {
        ServerSettings settings = ServerSettings.from(with(Map.of()));
        assertThat(settings.host()).isEqualTo("0.0.0.0");
        assertThat(settings.port()).isEqualTo(3002);
        assertThat(settings.permissionTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.limits())
                .isEqualTo(new ServerSettings.Limits(50_000, 1_000, 67_108_864, 16_777_216, 1_048_576));
        assertThat(settings.times())
                .isEqualTo(new ServerSettings.Times(
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(10),
                        Duration.ZERO));
        assertThat(settings.rates()).isEqualTo(new ServerSettings.Rates(Duration.ofMillis(20), Duration.ofMillis(100)));
        assertThat(settings.shedding()).isEqualTo(new ServerSettings.Shedding(90, Duration.ofSeconds(1)));
        assertThat(settings.listening().transport().name())
                .isEqualTo(Transport.best().name());
        assertThat(settings.listening().reusePort()).isFalse();
        assertThat(settings.listening().compression()).isTrue();
    }

    @Test
    void joinsTakeAPartOfTheHeap() {
        long heap = Runtime.getRuntime().maxMemory();
        assertThat(ServerSettings.from(with(Map.of())).joins())
                .isEqualTo(new ServerSettings.Joins(heap / 4, heap / 32, Duration.ofMinutes(2)));
        Map<String, String> own =
                Map.of("JOIN_MEMORY_BYTES", "5000000000", "JOIN_CACHE_BYTES", "0", "JOIN_TIMEOUT", "100");
        assertThat(ServerSettings.from(with(own)).joins())
                .isEqualTo(new ServerSettings.Joins(5_000_000_000L, 0, Duration.ofMillis(100)));
    }

    @ParameterizedTest
    @CsvSource({
        "JOIN_MEMORY_BYTES, 8388607",
        "JOIN_MEMORY_BYTES, 1 GB",
        "JOIN_CACHE_BYTES, -1",
        "JOIN_TIMEOUT, 99",
        "PORT, 65536",
        "MAX_CONNECTIONS, 0",
        "MAX_UPGRADES, 0",
        "MAX_MESSAGE_BYTES, 1023",
        "MAX_BACKLOG_BYTES, 65535",
        "MAX_IN_FLIGHT_BYTES, 1023",
        "FAN_OUT_INTERVAL, -1",
        "PRESENCE_INTERVAL, -1",
        "KEEP_ALIVE, 49",
        "PEER_TIMEOUT, 199",
        "HTTP_TIMEOUT, 99",
        "CLOSE_DELAY, -1",
        "CLOSE_SPREAD, -1",
        "SHUTDOWN_TIMEOUT, 99",
        "DRAIN_DELAY, -1",
        "MAX_MEMORY_PERCENT, 9",
        "MAX_MEMORY_PERCENT, 101",
        "MAX_LAG, 9",
        "TRANSPORT, kqueue",
        "REUSE_PORT, maybe",
        "COMPRESSION, maybe",
        "AUTH_PERM_TIMEOUT, 9",
        "AUTH_PERM_CALLBACK, localhost:5173/auth",
        "AUTH_PERM_CALLBACK, http://localhost/auth?a=b",
        "AUTH_PUBLIC_KEY, {}",
    })
    void badValueIsRefusedByName(String name, String value) {
        assertThatThrownBy(() -> ServerSettings.from(with(Map.of(name, value))))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(name)
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "REDIS",
                "REDIS_URL",
                "REDIS_PREFIX",
                "REDIS_MIN_MESSAGE_LIFETIME",
                "REDIS_TIMEOUT",
                "STORAGE",
                "POSTGRES",
                "S3_ENDPOINT",
                "AUTH_PUBLIC_KEY",
                "AUTH_PERM_CALLBACK",
                "AUTH_PERM_TIMEOUT",
                "HOST",
                "PORT",
                "MAX_CONNECTIONS",
                "MAX_UPGRADES",
                "MAX_MESSAGE_BYTES",
                "MAX_BACKLOG_BYTES",
                "MAX_IN_FLIGHT_BYTES",
                "JOIN_MEMORY_BYTES",
                "JOIN_CACHE_BYTES",
                "JOIN_TIMEOUT",
                "FAN_OUT_INTERVAL",
                "PRESENCE_INTERVAL",
                "KEEP_ALIVE",
                "PEER_TIMEOUT",
                "HTTP_TIMEOUT",
                "CLOSE_DELAY",
                "CLOSE_SPREAD",
                "SHUTDOWN_TIMEOUT",
                "DRAIN_DELAY",
                "MAX_MEMORY_PERCENT",
                "MAX_LAG",
                "TRANSPORT",
                "REUSE_PORT",
                "COMPRESSION",
                "LOG_LEVEL",
                "LOG_FORMAT"
            })
    void helpNamesEveryVariable(String name) {
        StringWriter out = new StringWriter();
        CommandLine command = ServerMain.commandLine(new ServerMain()).setOut(new PrintWriter(out));
        assertThat(command.execute("--help")).isZero();
        assertThat(out.toString()).containsPattern("\\b" + name + "\\b");
    }

    private static Settings with(Map<String, String> more) {
        Map<String, String> values = new HashMap<>(Map.of("AUTH_PUBLIC_KEY", JWK, "AUTH_PERM_CALLBACK", CALLBACK));
        values.putAll(more);
        return Settings.of(values);
    }
}
