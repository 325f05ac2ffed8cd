package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.testing.TestRedis;
import dev.weft.yjs.Message;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class FaultIT {
    private static final int PING = 0x89;
    private static final int BINARY = 0x82;

    @ParameterizedTest
    @ValueSource(strings = {"07", "", "00", "0002ff", "000203000000", "00020101", "0105ffff", "00000200", "0103010101"})
    void malformedMessageEndsItsConnectionLateAndNothingOfItReachesRedis(String hex) {
        try (TestServer system = new TestServer(TestRedis.shared(), Map.of("CLOSE_DELAY", "400"))) {
            WeftServer server = system.start();
            byte[] before = TestUpdates.typed(1, 0, "before");
            try (TestClient bad = system.connect(server, "room", "mallory").join();
                    TestClient good = system.connect(server, "room", "ann").join()) {
                bad.update(before);
                good.awaitHas(before);
                long start = System.nanoTime();
                bad.send(java.util.HexFormat.of().parseHex(hex));
                bad.update(TestUpdates.typed(1, 6, "after"));
                bad.awaitClosed();
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(390));
                assertThat(bad.closeCode()).isEqualTo(4400);
                assertThat(good.isClosed()).isFalse();
                assertThat(system.streamLength("room")).isEqualTo(1);
            }
        }
    }

    @Test
    void textAndTooLongMessagesAreClosedForGood() {
        try (TestServer system = new TestServer(TestRedis.shared(), Map.of("MAX_MESSAGE_BYTES", "10000"))) {
            WeftServer server = system.start();
            byte[] fits = new Message.Update(TestUpdates.typed(1, 0, "a".repeat(9_900))).encode();
            byte[] tooLong = new Message.Update(TestUpdates.typed(1, 0, "a".repeat(10_000))).encode();
            try (TestClient text = system.connect(server, "room", "ann").join();
                    TestClient whole = system.connect(server, "room", "bob").join();
                    TestClient fragments =
                            system.connect(server, "room", "cleo").join();
                    TestClient fine = system.connect(server, "room", "dora").join()) {
                fine.send(fits);
                text.sendText("hello");
                whole.send(tooLong);
                fragments.sendFragments(tooLong, 1_000);
                for (TestClient client : List.of(text, whole, fragments)) {
                    client.awaitClosed();
                }
                assertThat(text.closeCode()).isEqualTo(4400);
                assertThat(whole.closeCode()).isEqualTo(4413);
                assertThat(fragments.closeCode()).isEqualTo(4413);
                await().atMost(TestClient.LIMIT).until(() -> fine.count(TestClient::isUpdate) == 1);
                assertThat(fine.isClosed()).isFalse();
            }
        }
    }

    @Test
    void quietClientsHearSomethingNowAndThenAndOnlyThen() {
        try (TestServer system = new TestServer(TestRedis.shared(), Map.of("KEEP_ALIVE", "200"))) {
            WeftServer server = system.start();
            try (TestClient client = system.connect(server, "room", "reader").join()) {
                await().atMost(TestClient.LIMIT)
                        .until(() -> client.count(frame -> java.util.Arrays.equals(frame, new byte[] {1, 1, 0})) >= 3);
                assertThat(client.frames()).hasSizeBetween(4, 6);
                assertThat(client.isClosed()).isFalse();
            }
        }
    }

    @Test
    void slowReaderIsClosedWithoutDelayingOthers() {
        try (TestServer system = new TestServer(TestRedis.shared(), Map.of("MAX_BACKLOG_BYTES", "200000"))) {
            WeftServer server = system.start();
            try (TestClient slow = system.connect(server, "room", "slow").join();
                    TestClient writer = system.connect(server, "room", "writer").join()) {
                slow.stopReading();
                int clock = 0;
                // Much more than the backlog, because the sockets' own buffers take some megabytes.
                while (TestServer.metric(server, "weft_connections") > 1) {
                    byte[] update = TestUpdates.typed(1, clock, "x".repeat(100_000));
                    clock += 100_000;
                    writer.update(update);
                    await().atMost(TestClient.LIMIT).until(() -> writer.has(update));
                    assertThat(clock)
                            .as("bytes written to one who does not read")
                            .isLessThan(30_000_000);
                }
                assertThat(writer.isClosed()).isFalse();
                assertThat(TestServer.get(server, "/metrics").body())
                        .contains("weft_connections_closed_total{reason=\"too_slow\"} 1.0");
            }
        }
    }

    @Test
    void peerThatIsSilentForLongIsTakenForDead() throws Exception {
        try (TestServer system = new TestServer(TestRedis.shared(), Map.of("PEER_TIMEOUT", "600"))) {
            WeftServer server = system.start();
            try (TestClient alive = system.connect(server, "room", "ann").join();
                    MuteClient mute = new MuteClient(server.port(), "/room?yauth=" + system.keys.token("bob"))) {
                assertThat(mute.closeCode()).isEqualTo(4008);
                // The other one sends nothing either, but answers pings.
                assertThat(alive.isClosed()).isFalse();
            }
        }
    }

    @Test
    void pingTakesAKeepAliveAlongThatWouldBeDueSoon() throws Exception {
        // It is asked after 1425 ms, and again after 1900.
        Map<String, String> times = Map.of("PEER_TIMEOUT", "2000", "KEEP_ALIVE", "1900");
        try (TestServer system = new TestServer(TestRedis.shared(), times)) {
            WeftServer server = system.start();
            try (MuteClient mute = new MuteClient(server.port(), "/room?yauth=" + system.keys.token("bob"))) {
                // When it is asked again, something was sent only lately.
                assertThat(mute.heads()).startsWith(PING, BINARY).containsOnlyOnce(BINARY);
            }
        }
    }

    @Test
    void withoutRedisConnectionsEndRetryableUpgradesAreRefusedAndAllComesBack() {
        try (TestRedis redis = TestRedis.start();
                TestServer system =
                        new TestServer(redis, Map.of("REDIS_MIN_MESSAGE_LIFETIME", "3000", "REDIS_TIMEOUT", "1000"))) {
            WeftServer server = system.start();
            byte[] before = TestUpdates.typed(1, 0, "before");
            byte[] after = TestUpdates.typed(1, 6, "after");
            String token = system.keys.token("ann");
            try (TestClient client = system.connect(server, "room", "ann").join();
                    TestClient writer = system.connect(server, "room", "bob").join()) {
                writer.update(before);
                client.awaitHas(before);
                redis.kill();
                writer.update(after);
                writer.awaitClosed();
                assertThat(writer.closeCode()).isEqualTo(1013);
                await().atMost(TestClient.LIMIT)
                        .until(() -> TestServer.get(server, "/health").statusCode() == 503);
                assertThat(TestClient.refused(server.port(), "/room?yauth=" + token))
                        .isEqualTo(503);
                redis.restart();
                // It came back empty: what it lost is brought again by those who have it, once they synchronise anew.
                client.awaitClosed();
                assertThat(client.closeCode()).isEqualTo(1012);
            }
            await().atMost(TestClient.LIMIT)
                    .until(() -> TestServer.get(server, "/health").statusCode() == 200);
            try (TestClient again = system.connect(server, "room", "ann").join()) {
                assertThat(again.has(before)).isFalse();
                again.send(new Message.SyncStep2(before));
                again.awaitHas(before);
            }
        }
    }
}
