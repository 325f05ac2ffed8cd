package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.settings.InvalidSettingException;
import dev.weft.settings.Settings;
import dev.weft.testing.TestRedis;
import dev.weft.yjs.Message;
import dev.weft.yjs.Updates;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class LifecycleIT {
    private final TestServer system = new TestServer(TestRedis.shared());

    @AfterEach
    void stop() {
        system.close();
    }

    @Test
    void subscriptionEndsWithTheLastConnectionAndBeginsAgainWithTheNext() {
        WeftServer server = system.start();
        for (int i = 0; i < 5; i++) {
            byte[] update = TestUpdates.typed(1, i, "x");
            TestClient one = system.connect(server, "room", "ann").join();
            TestClient two = system.connect(server, "room", "bob").join();
            assertThat(subscriptions()).isEqualTo(1);
            one.leave();
            two.update(update);
            two.awaitHas(update);
            two.close();
            await().atMost(TestClient.LIMIT).until(() -> subscriptions() == 0);
            assertThat(TestServer.metric(server, "weft_rooms")).isZero();
        }
    }

    /** The next one comes while the last one leaves: whoever is let in is in a room that hears. */
    @Test
    void comingAndGoingInOneMomentLeavesNobodyDeaf() {
        WeftServer server = system.start();
        TestClient last = system.connect(server, "room", "ann").join();
        for (int i = 0; i < 40; i++) {
            byte[] update = TestUpdates.typed(1, i, "x");
            last.close();
            last = system.connect(server, "room", "ann").join();
            last.update(update);
            last.awaitHas(update);
        }
        last.close();
        await().atMost(TestClient.LIMIT).until(() -> subscriptions() == 0);
    }

    @Test
    void stopClosesEveryConnectionWith1012AfterRedisHasTakenWhatWasSent() {
        WeftServer server = system.start();
        try (TestClient one = system.connect(server, "room", "ann").join();
                TestClient two = system.connect(server, "other", "bob").join()) {
            int sent = 200;
            for (int clock = 0; clock < sent; clock++) {
                one.update(TestUpdates.typed(1, clock, "x"));
            }
            server.close();
            one.awaitClosed();
            two.awaitClosed();
            assertThat(one.closeCode()).isEqualTo(1012);
            assertThat(two.closeCode()).isEqualTo(1012);
            // Whatever was echoed is in the stream.
            assertThat(system.streamLength("room")).isGreaterThanOrEqualTo(one.count(TestClient::isUpdate));
            assertThat(subscriptions()).isZero();
        }
    }

    /** Health says so first, nobody is closed before, and those who then move to another node bring what the first one did not take. */
    @Test
    void drainedNodesClientsAreOnAnotherNodeAndLostNothing() throws Exception {
        try (TestServer two = new TestServer(
                TestRedis.shared(), Map.of("DRAIN_DELAY", "1000", "CLOSE_SPREAD", "400", "SHUTDOWN_TIMEOUT", "5000"))) {
            WeftServer first = two.start();
            WeftServer second = two.start();
            List<Migrant> migrants = new ArrayList<>();
            for (int i = 1; i <= 10; i++) {
                migrants.add(new Migrant(two, first, second, i));
            }
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<byte[]>> written = new ArrayList<>();
                migrants.forEach(migrant -> written.add(threads.submit(migrant::write)));
                Future<?> stop = threads.submit(first::close);
                await().atMost(TestClient.LIMIT)
                        .until(() -> TestServer.get(first, "/health").statusCode() == 503);
                assertThat(migrants)
                        .allSatisfy(
                                migrant -> assertThat(migrant.client.isClosed()).isFalse());
                stop.get();
                try (TestClient reader = two.connect(second, "room", "reader")) {
                    for (Future<byte[]> one : written) {
                        byte[] all = one.get();
                        reader.join();
                        reader.awaitHas(all);
                    }
                }
            } finally {
                migrants.forEach(migrant -> migrant.client.close());
            }
        }
    }

    /** Writes without a pause, moves to the other node when its own one sends it away, and brings there all that it has. */
    private static final class Migrant {
        private final TestServer system;
        private final WeftServer to;
        private final int number;
        private volatile TestClient client;

        private Migrant(TestServer system, WeftServer from, WeftServer to, int number) {
            this.system = system;
            this.to = to;
            this.number = number;
            client = system.connect(from, "room", "user" + number).join();
        }

        /** Until some time after the move; the result is all that it wrote. */
        private byte[] write() throws InterruptedException {
            List<byte[]> written = new ArrayList<>();
            boolean moved = false;
            for (int left = 20; left > 0; left -= moved ? 1 : 0) {
                byte[] update = TestUpdates.typed(number, written.size(), "x");
                written.add(update);
                try {
                    client.update(update);
                } catch (CompletionException e) {
                    // It is being closed; the update goes along to the other node.
                }
                if (client.isClosed() && !moved) {
                    assertThat(client.closeCode()).isEqualTo(1012);
                    client = system.connect(to, "room", "user" + number).join();
                    client.send(new Message.SyncStep2(Updates.merge(written)));
                    moved = true;
                }
                // As fast as one types who types very fast.
                Thread.sleep(5);
            }
            return Updates.merge(written);
        }
    }

    @Test
    void takenPortIsSaidInOneLine() {
        WeftServer server = system.start();
        Settings same = Settings.of(Map.of(
                "HOST", "127.0.0.1",
                "PORT", Integer.toString(server.port()),
                "REDIS", TestRedis.shared().url(),
                "REDIS_PREFIX", system.prefix,
                "AUTH_PUBLIC_KEY", system.keys.jwk(),
                "AUTH_PERM_CALLBACK", system.permissions.address()));
        assertThatThrownBy(() -> WeftServer.start(same, system.storage))
                .isInstanceOf(CannotListenException.class)
                .hasMessageContaining(Integer.toString(server.port()))
                .hasMessageContaining("PORT")
                .hasMessageNotContaining("\n");
    }

    @Test
    void missingSettingsAreNamed() {
        assertThatThrownBy(() -> WeftServer.start(Settings.of(Map.of())))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("AUTH_PUBLIC_KEY");
        assertThatThrownBy(() -> WeftServer.start(
                        Settings.of(Map.of("AUTH_PUBLIC_KEY", system.keys.jwk(), "AUTH_PERM_CALLBACK", "localhost"))))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("AUTH_PERM_CALLBACK");
    }

    private long subscriptions() {
        return system.redis().sync().pubsubShardChannels(system.prefix + ":*").size();
    }
}
