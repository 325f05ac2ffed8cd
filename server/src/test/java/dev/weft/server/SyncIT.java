package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.testing.TestRedis;
import dev.weft.yjs.Message;
import dev.weft.yjs.Updates;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class SyncIT {
    private final TestServer system = new TestServer(TestRedis.shared());

    @AfterEach
    void stop() {
        system.close();
    }

    @Test
    void updatesReachEveryClientOfTheNodeTheSenderIncluded() {
        WeftServer server = system.start();
        byte[] update = TestUpdates.typed(1, 0, "hello");
        try (TestClient one = system.connect(server, "room", "ann").join();
                TestClient two = system.connect(server, "room", "bob").join()) {
            one.update(update);
            two.awaitHas(update);
            one.awaitHas(update);
            assertThat(one.frames()).anyMatch(frame -> Arrays.equals(frame, new Message.Update(update).encode()));
            assertThat(system.streamLength("room")).isEqualTo(1);
        }
    }

    @Test
    void twoNodesBehaveAsOne() {
        WeftServer left = system.start();
        WeftServer right = system.start();
        byte[] first = TestUpdates.typed(1, 0, "left");
        byte[] second = TestUpdates.typed(2, 0, "right");
        try (TestClient one = system.connect(left, "room", "ann").join();
                TestClient two = system.connect(right, "room", "bob").join()) {
            one.update(first);
            two.update(second);
            for (TestClient client : List.of(one, two)) {
                client.awaitHas(first);
                client.awaitHas(second);
            }
        }
        try (TestClient late = system.connect(left, "room", "cleo").join()) {
            assertThat(late.has(Updates.merge(List.of(first, second)))).isTrue();
        }
    }

    @Test
    void emptyRoomIsAnsweredWithAnEmptyStep2AndOurStep1() {
        WeftServer server = system.start();
        try (TestClient client = system.connect(server, "room", "ann").join()) {
            assertThat(client.frames().get(0)).containsExactly(0, 1, 2, 0, 0);
            await().until(() -> client.count(TestClient::isStep1) == 1);
            assertThat(client.frames().get(1)).containsExactly(0, 0, 1, 0);
        }
    }

    @Test
    void storedDocumentAndStreamAreMergedForAJoiner() {
        WeftServer server = system.start();
        byte[] stored = TestUpdates.typed(1, 0, "stored");
        byte[] fresh = TestUpdates.typed(1, 6, " fresh");
        system.storage.store(new dev.weft.room.RoomName("room").document(), stored, Updates.stateVector(stored));
        try (TestClient writer = system.connect(server, "room", "ann").join()) {
            writer.update(fresh);
            writer.awaitHas(fresh);
            try (TestClient joiner = system.connect(server, "room", "bob").join()) {
                assertThat(joiner.has(Updates.merge(List.of(stored, fresh)))).isTrue();
            }
            try (TestClient returning = system.connect(server, "room", "cleo").join(Updates.stateVector(stored))) {
                assertThat(returning.has(fresh)).isTrue();
                assertThat(returning.has(stored)).isFalse();
            }
        }
    }
}
