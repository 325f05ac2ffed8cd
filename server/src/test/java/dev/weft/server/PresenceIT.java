package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.testing.TestRedis;
import dev.weft.yjs.AwarenessState;
import dev.weft.yjs.Message;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class PresenceIT {
    private final TestServer system = new TestServer(TestRedis.shared());

    @AfterEach
    void stop() {
        system.close();
    }

    @Test
    void presenceAppearsMovesAndDisappearsOnBothNodes() {
        WeftServer left = system.start();
        WeftServer right = system.start();
        try (TestClient near = system.connect(left, "room", "ann").join();
                TestClient far = system.connect(right, "room", "bob").join()) {
            TestClient moving = system.connect(left, "room", "cleo").join();
            moving.announce(7, 1, "{\"x\":1}");
            moving.announce(7, 2, "{\"x\":2}");
            for (TestClient client : List.of(near, far)) {
                await().atMost(TestClient.LIMIT).until(() -> client.presence().contains("7@2:{\"x\":2}"));
                assertThat(client.presence()).containsExactly("7@1:{\"x\":1}", "7@2:{\"x\":2}");
            }
            moving.close();
            for (TestClient client : List.of(near, far)) {
                await().atMost(TestClient.LIMIT).until(() -> client.presence().contains("7@2:null"));
            }
        }
    }

    @Test
    void whoJoinsLaterLearnsWhoIsThere() {
        WeftServer server = system.start();
        try (TestClient early = system.connect(server, "room", "ann").join()) {
            early.announce(1, 5, "{\"name\":\"ann\"}");
            await().atMost(TestClient.LIMIT).until(() -> !early.presence().isEmpty());
            try (TestClient late = system.connect(server, "room", "bob").join()) {
                await().atMost(TestClient.LIMIT)
                        .untilAsserted(() -> assertThat(late.presence()).containsExactly("1@5:{\"name\":\"ann\"}"));
            }
        }
    }

    @Test
    void questionWhoIsThereIsAnswered() {
        WeftServer server = system.start();
        try (TestClient one = system.connect(server, "room", "ann").join();
                TestClient two = system.connect(server, "room", "bob").join()) {
            one.announce(1, 1, "{}");
            await().atMost(TestClient.LIMIT).until(() -> two.presence().size() == 1);
            two.send(new Message.QueryAwareness());
            await().atMost(TestClient.LIMIT)
                    .untilAsserted(() -> assertThat(two.presence()).containsExactly("1@1:{}", "1@1:{}"));
        }
    }

    /** Stock clients send on every state that they receive; in a room of n people that would be n² messages for each move. */
    @Test
    void repeatedStatesGoNoFurther() {
        WeftServer server = system.start();
        try (TestClient one = system.connect(server, "room", "ann").join();
                TestClient two = system.connect(server, "room", "bob").join()) {
            one.announce(1, 1, "{}");
            await().atMost(TestClient.LIMIT).until(() -> two.presence().size() == 1);
            for (int i = 0; i < 5; i++) {
                two.announce(1, 1, "{}");
            }
            two.announce(2, 1, "{}");
            await().atMost(TestClient.LIMIT).until(() -> one.presence().contains("2@1:{}"));
            assertThat(one.presence()).containsExactly("1@1:{}", "2@1:{}");
            assertThat(TestServer.metric(server, "weft_awareness_stale_total")).isEqualTo(5);
        }
    }

    /** A repeater does not own what it repeats: when it goes, only its own presence goes. */
    @Test
    void onlyTheBringersEndMakesAClientLeave() {
        WeftServer server = system.start();
        try (TestClient one = system.connect(server, "room", "ann").join();
                TestClient watcher = system.connect(server, "room", "bob").join()) {
            TestClient repeater = system.connect(server, "room", "cleo").join();
            one.announce(1, 1, "{}");
            await().atMost(TestClient.LIMIT).until(() -> repeater.presence().contains("1@1:{}"));
            repeater.announce(1, 1, "{}");
            repeater.announce(3, 1, "{}");
            await().atMost(TestClient.LIMIT).until(() -> watcher.presence().contains("3@1:{}"));
            repeater.leave();
            await().atMost(TestClient.LIMIT).until(() -> watcher.presence().contains("3@1:null"));
            assertThat(watcher.presence()).doesNotContain("1@1:null");
        }
    }

    /** Told that it has left, a stock client answers with a newer clock; so it is seen again without waiting for its next renewal. */
    @Test
    void whoComesBackWithTheClockItLeftWithIsToldSo() {
        WeftServer server = system.start();
        try (TestClient watcher = system.connect(server, "room", "ann").join()) {
            TestClient first = system.connect(server, "room", "bob").join();
            first.announce(9, 4, "{}");
            await().atMost(TestClient.LIMIT).until(() -> watcher.presence().contains("9@4:{}"));
            first.leave();
            await().atMost(TestClient.LIMIT).until(() -> watcher.presence().contains("9@4:null"));
            try (TestClient again = system.connect(server, "room", "bob").join()) {
                again.announce(9, 4, "{}");
                await().atMost(TestClient.LIMIT).until(() -> again.presence().contains("9@4:null"));
                again.announce(9, 5, "{}");
                await().atMost(TestClient.LIMIT).until(() -> watcher.presence().contains("9@5:{}"));
            }
        }
    }

    @Test
    void oneConnectionCannotInventPeopleWithoutEnd() {
        WeftServer server = system.start();
        try (TestClient watcher = system.connect(server, "room", "ann").join();
                TestClient inventor = system.connect(server, "room", "bob").join()) {
            for (int i = 1; i <= Presence.MAX_OWNED + 10; i++) {
                inventor.send(new Message.Awareness(
                        List.of(new AwarenessState(i, 1, "{}".getBytes(StandardCharsets.UTF_8)))));
            }
            inventor.announce(1, 2, "{}");
            await().atMost(TestClient.LIMIT).until(() -> watcher.presence().contains("1@2:{}"));
            assertThat(watcher.presence()).hasSize(Presence.MAX_OWNED + 1);
        }
    }
}
