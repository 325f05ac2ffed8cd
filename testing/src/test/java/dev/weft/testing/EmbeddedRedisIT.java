package dev.weft.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRedisIT {
    @Test
    void appendOnlyRedisKeepsWhatItAnsweredOverKillAndRestart(@TempDir Path folder) throws IOException {
        try (TestRedis redis = TestRedis.start(TestRedis.Options.appendOnly(folder))) {
            assertThat(ask(redis, "SET key value")).isEqualTo("+OK");
            long before = redis.pid();

            redis.kill();
            assertThatThrownBy(() -> ask(redis, "PING")).isInstanceOf(IOException.class);
            redis.restart();

            assertThat(redis.pid()).isNotEqualTo(before);
            assertThat(ask(redis, "STRLEN key")).isEqualTo(":5");
        }
    }

    @Test
    void inMemoryRedisForgetsOverRestart() throws IOException {
        try (TestRedis redis = TestRedis.start()) {
            assertThat(ask(redis, "SET key value")).isEqualTo("+OK");

            redis.stop();
            redis.restart();

            assertThat(ask(redis, "EXISTS key")).isEqualTo(":0");
        }
    }

    @Test
    void furtherSettingsReachRedis() throws IOException {
        try (TestRedis redis = TestRedis.start(TestRedis.Options.inMemory().with("--databases", "1"))) {
            assertThat(ask(redis, "SELECT 1")).startsWith("-ERR DB index");
        }
    }

    @Test
    void sharedRedisAnswersAndCannotBeStopped() throws IOException {
        TestRedis shared = TestRedis.shared();

        shared.close();

        assertThat(TestRedis.shared()).isSameAs(shared);
        assertThat(ask(shared, "PING")).isEqualTo("+PONG");
        assertThatThrownBy(shared::kill).isInstanceOf(IllegalStateException.class);
    }

    private static String ask(TestRedis redis, String command) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), redis.port());
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
            return reader.readLine();
        }
    }
}
