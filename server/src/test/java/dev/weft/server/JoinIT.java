package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.room.RoomName;
import dev.weft.testing.TestRedis;
import dev.weft.yjs.Message;
import dev.weft.yjs.StateVector;
import dev.weft.yjs.Updates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class JoinIT {
    private static final int WRITERS = 6;
    private static final int UPDATES = 150;
    private static final int JOINERS = 30;

    private final TestServer system = new TestServer(TestRedis.shared());

    @AfterEach
    void stop() {
        system.close();
    }

    /** Nobody who joins while others write may miss an entry, nor ever wait for more than what is there. */
    @Test
    void everyEntryReachesThoseWhoJoinWhileOthersWrite() throws Exception {
        long seed = Long.getLong("weft.seed", System.nanoTime());
        List<WeftServer> nodes = List.of(system.start(), system.start());
        List<TestClient> writers = new ArrayList<>();
        List<TestClient> joiners = new ArrayList<>();
        Random random = new Random(seed);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < WRITERS; i++) {
                writers.add(
                        system.connect(nodes.get(i % 2), "busy", "writer" + i).join());
            }
            List<Future<?>> writing = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                long own = random.nextLong();
                writing.add(threads.submit(() -> write(writers.get(writer), writer + 1, new Random(own))));
            }
            for (int i = 0; i < JOINERS; i++) {
                joiners.add(system.connect(nodes.get(random.nextInt(2)), "busy", "joiner" + i)
                        .join());
                int seen = (int) ((double) WRITERS * UPDATES * i / JOINERS / 2);
                await().atMost(TestClient.LIMIT).until(() -> system.streamLength("busy") >= seen);
            }
            for (Future<?> each : writing) {
                each.get(60, TimeUnit.SECONDS);
            }
            List<TestClient> everybody = new ArrayList<>(writers);
            everybody.addAll(joiners);
            for (TestClient client : everybody) {
                await().atMost(TestClient.LIMIT)
                        .untilAsserted(() ->
                                assertThat(hasAll(client)).as("seed " + seed).isTrue());
                assertThat(client.isClosed()).isFalse();
            }
            assertThat(system.streamLength("busy")).isEqualTo((long) WRITERS * UPDATES);
        } finally {
            writers.forEach(TestClient::close);
            joiners.forEach(TestClient::close);
        }
    }

    /** In bursts: now and then it waits for its last update to come back. */
    private static void write(TestClient client, long id, Random random) {
        for (int clock = 0; clock < UPDATES; clock++) {
            byte[] update = TestUpdates.typed(id, clock, "x");
            client.update(update);
            if (random.nextInt(8) == 0) {
                await().pollInterval(Duration.ofMillis(5))
                        .atMost(TestClient.LIMIT)
                        .until(() -> client.has(update));
            }
        }
    }

    private static boolean hasAll(TestClient client) {
        StateVector have = Updates.stateVector(client.document());
        for (long id = 1; id <= WRITERS; id++) {
            if (have.clock(id) != UPDATES) {
                return false;
            }
        }
        return true;
    }

    @Test
    void largeDocumentIsAnsweredWholeAndInPart() {
        WeftServer server = system.start();
        byte[] head = TestUpdates.typed(1, 0, "a".repeat(300_000));
        byte[] tail = TestUpdates.typed(1, 300_000, "b".repeat(50_000));
        system.storage.store(new RoomName("large").document(), head, Updates.stateVector(head));
        try (TestClient writer = system.connect(server, "large", "ann").join()) {
            writer.update(tail);
            writer.awaitHas(tail);
            assertThat(writer.has(head)).isTrue();
        }
        try (TestClient returning = system.connect(server, "large", "bob").join(Updates.stateVector(head))) {
            assertThat(returning.document()).hasSizeBetween(50_000, 51_000);
            assertThat(returning.has(tail)).isTrue();
        }
    }

    @Test
    void messageInFragmentsIsOneMessage() {
        WeftServer server = system.start();
        byte[] update = TestUpdates.typed(1, 0, "fragments ".repeat(2_000));
        try (TestClient client = system.connect(server, "room", "ann").join()) {
            client.sendFragments(new Message.Update(update).encode(), 777);
            client.awaitHas(update);
            assertThat(system.streamLength("room")).isEqualTo(1);
        }
    }

    @Test
    void laterStep1IsAnsweredOnceAndWithoutAnotherQuestion() {
        WeftServer server = system.start();
        byte[] update = TestUpdates.typed(1, 0, "x");
        try (TestClient client = system.connect(server, "room", "ann").join()) {
            client.update(update);
            client.awaitHas(update);
            client.join(Updates.stateVector(update));
            assertThat(client.count(TestClient::isStep2)).isEqualTo(2);
            assertThat(client.count(TestClient::isStep1)).isEqualTo(1);
            byte[] next = TestUpdates.typed(1, 1, "y");
            client.update(next);
            client.awaitHas(next);
            assertThat(client.count(frame -> Arrays.equals(frame, new Message.Update(next).encode())))
                    .isEqualTo(1);
        }
    }

    @Test
    void step2ThatAddsNothingIsNotAppended() {
        WeftServer server = system.start();
        byte[] text = TestUpdates.typed(1, 0, "hello");
        byte[] deletion = TestUpdates.deleted(1, 0, 2);
        byte[] document = Updates.merge(List.of(text, deletion));
        try (TestClient client = system.connect(server, "room", "ann").join()) {
            client.update(text);
            client.update(deletion);
            client.awaitHas(document);
        }
        assertThat(system.streamLength("room")).isEqualTo(2);
        double covered = TestServer.metric(server, "weft_updates_covered_total");
        for (byte[] answer : List.of(Updates.empty(), deletion, text, document)) {
            try (TestClient client = system.connect(server, "room", "bob").join()) {
                await().until(() -> client.count(TestClient::isStep1) == 1);
                client.send(new Message.SyncStep2(answer));
                byte[] mark = TestUpdates.typed(1, 0, "hello");
                assertThat(mark).isEqualTo(text);
                boolean echoed = !Updates.hasNoStructs(answer);
                // Its own content comes back to the sender, who waits for it; deletions alone and nothing do not.
                if (echoed) {
                    await().atMost(TestClient.LIMIT).until(() -> client.count(TestClient::isUpdate) == 1);
                }
                client.send(new Message.QueryAwareness());
                await().atMost(TestClient.LIMIT)
                        .until(() -> client.messages().stream().anyMatch(Message.Awareness.class::isInstance));
                assertThat(client.count(TestClient::isUpdate)).isEqualTo(echoed ? 1 : 0);
            }
        }
        assertThat(TestServer.metric(server, "weft_updates_covered_total")).isEqualTo(covered + 4);
        assertThat(system.streamLength("room")).isEqualTo(2);
    }

    @Test
    void step2ThatBringsWhatWasWrittenOfflineIsAppended() {
        WeftServer server = system.start();
        byte[] offline = TestUpdates.typed(7, 0, "written offline");
        try (TestClient watcher = system.connect(server, "room", "ann").join();
                TestClient client = system.connect(server, "room", "bob").join()) {
            client.send(new Message.SyncStep2(offline));
            watcher.awaitHas(offline);
            client.awaitHas(offline);
            assertThat(system.streamLength("room")).isEqualTo(1);
        }
    }

    @Test
    void readOnlyUsersSeeEverythingWriteNothingAndAreToldOnce() {
        WeftServer server = system.start();
        byte[] update = TestUpdates.typed(1, 0, "hello");
        byte[] forbidden = TestUpdates.typed(2, 0, "forbidden");
        try (TestClient writer = system.connect(server, "room", "ann").join();
                TestClient reader = system.connect(server, "room", "reader").join()) {
            writer.update(update);
            reader.awaitHas(update);
            assertThat(reader.count(TestClient::isStep1))
                    .as("asked for what it has")
                    .isZero();
            reader.update(Updates.empty());
            reader.update(forbidden);
            reader.send(new Message.SyncStep2(forbidden));
            reader.announce(2, 1, "{\"name\":\"reader\"}");
            // In order behind the others: once it was seen, they were dealt with.
            await().atMost(TestClient.LIMIT).until(() -> writer.presence().contains("2@1:{\"name\":\"reader\"}"));
            assertThat(reader.messages().stream().filter(Message.PermissionDenied.class::isInstance))
                    .hasSize(1)
                    .allSatisfy(denied -> assertThat(((Message.PermissionDenied) denied).reason())
                            .contains("read-only"));
            assertThat(system.streamLength("room")).isEqualTo(1);
            assertThat(writer.has(forbidden)).isFalse();
            assertThat(reader.isClosed()).isFalse();
            assertThat(TestServer.metric(server, "weft_updates_readonly_total")).isEqualTo(3);
        }
    }
}
