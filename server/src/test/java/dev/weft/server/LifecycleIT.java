package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.room.RoomSettings;
import dev.weft.room.Rooms;
import dev.weft.settings.InvalidSettingException;
import dev.weft.settings.Settings;
import dev.weft.testing.TestRedis;
import java.util.Map;
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
        try (Rooms rooms = Rooms.connect(RoomSettings.from(same))) {
            assertThatThrownBy(() -> WeftServer.start(same, rooms, system.storage))
                    .isInstanceOf(CannotListenException.class)
                    .hasMessageContaining(Integer.toString(server.port()))
                    .hasMessageContaining("PORT")
                    .hasMessageNotContaining("\n");
        }
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
