package dev.weft.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RedisServerTest {
    @Test
    void redisIsTakenFromSevenOn() {
        RedisServer seven = RedisServer.parse("# Server\r\nredis_version:7.0.15\r\nrun_id:abc\r\n");
        assertThat(seven.runId()).isEqualTo("abc");
        assertThatCode(() -> seven.check("h:1")).doesNotThrowAnyException();
        assertThatCode(() -> RedisServer.parse("redis_version:10.1.0\r\n").check("h:1"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> RedisServer.parse("redis_version:6.2.14\r\n").check("h:1"))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessage("Redis at h:1 has version 6.2.14; needed is 7.0 or newer, or Valkey");
        assertThatThrownBy(() -> RedisServer.parse("").check("h:1")).hasMessageContaining("unknown");
    }

    @Test
    void valkeyIsTaken() {
        String info = "# Server\r\nredis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.0.1\r\nrun_id:x\r\n";
        RedisServer server = RedisServer.parse(info);
        assertThat(server.valkey()).isTrue();
        assertThatCode(() -> server.check("h:1")).doesNotThrowAnyException();
    }
}
