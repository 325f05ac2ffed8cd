package dev.weft.server;

import static dev.weft.server.PlayedNode.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.room.EntryId;
import dev.weft.storage.VersionReference;
import dev.weft.yjs.Message;
import dev.weft.yjs.StateVector;
import dev.weft.yjs.Updates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A node whose Redis and storage do as the test says: what happens in moments that a real one only passes through. */
@ExtendWith(LeakCheck.class)
class NodeTest {
    private static final String A_LOT = "x".repeat(50_000);
    private static final String JOIN_MEMORY = "weft_joins_memory_bytes";

    private final PlayedNode node = new PlayedNode(Map.of("FAN_OUT_INTERVAL", "0"));
    private final FakeBackend backend = node.backend;

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void failedAppendClosesRetryableAndNothingIsAppendedAfterIt() {
        node.start(Map.of());
        TestClient client = node.connect("ann", "room").join();
        TestClient other = node.connect("bob", "room").join();
        backend.holdAppends = true;
        client.update(TestUpdates.typed(1, 0, "a"));
        soon().until(() -> backend.appends.size() == 1);
        backend.appends.get(0).taken().completeExceptionally(new IllegalStateException("timed out"));
        client.awaitClosed();
        assertThat(client.closeCode()).isEqualTo(1013);
        other.update(TestUpdates.typed(2, 0, "b"));
        soon().until(() -> backend.appends.size() == 2);
        assertThat(backend.appends.get(1).update()).isEqualTo(TestUpdates.typed(2, 0, "b"));
        assertThat(other.isClosed()).isFalse();
    }

    @Test
    void clientIsReadNoFurtherWhileRedisIsSlow() throws Exception {
        node.start(Map.of("MAX_IN_FLIGHT_BYTES", "100000"));
        TestClient client = node.connect("ann", "room").join();
        backend.holdAppends = true;
        int updates = 400;
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < updates; i++) {
                client.update(TestUpdates.typed(1, i * 50_000L, A_LOT));
            }
        });
        soon().until(() -> backend.appends.size() >= 2);
        // The sockets' buffers fill, and then the client has to wait: 20 MB do not fit in there.
        await().during(Duration.ofMillis(300)).atMost(TestClient.LIMIT).until(() -> backend.appends.size() <= 6);
        assertThat(sending).isNotDone();
        backend.holdAppends = false;
        backend.appends.stream().filter(append -> !append.taken().isDone()).forEach(backend::take);
        soon().until(() -> backend.appends.size() == updates);
        sending.get();
        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void thoseWhoJoinAtOneTimeShareOneRead() {
        node.start(Map.of());
        backend.write(TestUpdates.typed(1, 0, "hello"));
        backend.readGate = new CountDownLatch(1);
        List<TestClient> joiners = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            TestClient joiner = node.connect("user" + i, "room");
            joiner.send(new Message.SyncStep1(StateVector.empty()));
            // Behind the step 1, so that this one was taken when that one is answered.
            joiner.send(new Message.QueryAwareness());
            soon().until(() -> !joiner.frames().isEmpty());
            joiners.add(joiner);
        }
        backend.readGate.countDown();
        joiners.forEach(joiner -> joiner.awaitHas(TestUpdates.typed(1, 0, "hello")));
        assertThat(backend.reads).hasValue(1);
    }

    @Test
    void whatHappensDuringTheReadFollowsTheAnswerOnceAndInOrder() {
        node.start(Map.of());
        backend.write(TestUpdates.typed(1, 0, "a"));
        backend.readGate = new CountDownLatch(1);
        TestClient client = node.connect("ann", "room");
        client.send(new Message.SyncStep1(StateVector.empty()));
        soon().until(() -> backend.reads.get() == 1);
        // This one is told late: it is in the document already.
        backend.listeners.get(0).onUpdate(new EntryId(1, 0), new Message.Update(TestUpdates.typed(1, 0, "a")).encode());
        backend.write(TestUpdates.typed(1, 1, "b"));
        backend.write(TestUpdates.typed(1, 2, "c"));
        backend.readGate.countDown();
        soon().until(() -> client.frames().size() >= 4);
        backend.write(TestUpdates.typed(1, 3, "d"));
        soon().until(() -> client.frames().size() >= 5);
        assertThat(client.frames())
                .containsExactly(
                        new Message.SyncStep2(TestUpdates.typed(1, 0, "a")).encode(),
                        new Message.SyncStep1(Updates.stateVector(TestUpdates.typed(1, 0, "a"))).encode(),
                        new Message.Update(TestUpdates.typed(1, 1, "b")).encode(),
                        new Message.Update(TestUpdates.typed(1, 2, "c")).encode(),
                        new Message.Update(TestUpdates.typed(1, 3, "d")).encode());
    }

    @Test
    void readIsBegunAgainWhenTooMuchHappensMeanwhile() {
        node.start(Map.of("MAX_BACKLOG_BYTES", "65536"));
        CountDownLatch first = new CountDownLatch(1);
        backend.readGate = first;
        TestClient client = node.connect("ann", "room");
        client.send(new Message.SyncStep1(StateVector.empty()));
        soon().until(() -> backend.reads.get() == 1);
        backend.readGate = new CountDownLatch(0);
        backend.write(TestUpdates.typed(1, 0, A_LOT));
        backend.write(TestUpdates.typed(1, 50_000, A_LOT));
        client.awaitHas(TestUpdates.typed(1, 50_000, A_LOT));
        assertThat(client.has(TestUpdates.typed(1, 0, A_LOT))).isTrue();
        assertThat(client.count(TestClient::isStep2)).isEqualTo(1);
        assertThat(backend.reads).hasValue(2);
        // The late end of the first read changes nothing.
        first.countDown();
        client.join(StateVector.empty());
        assertThat(client.count(TestClient::isStep2)).isEqualTo(2);
    }

    @Test
    void roomThatIsAlwaysWrittenFasterThanItCanBeReadIsGivenUp() {
        node.start(Map.of("MAX_BACKLOG_BYTES", "65536"));
        backend.readGate = new CountDownLatch(1);
        TestClient client = node.connect("ann", "room");
        client.send(new Message.SyncStep1(StateVector.empty()));
        for (int i = 0; i < 4; i++) {
            int reads = i + 1;
            soon().until(() -> backend.reads.get() == reads);
            backend.write(TestUpdates.typed(1, i * 100_000L, A_LOT + A_LOT));
        }
        client.awaitClosed();
        assertThat(client.closeCode()).isEqualTo(1013);
        assertThat(backend.reads).hasValue(4);
    }

    @Test
    void step1sDuringAnAnswerAreAnsweredTogether() {
        node.start(Map.of());
        backend.readGate = new CountDownLatch(1);
        TestClient client = node.connect("ann", "room");
        for (int i = 0; i < 20; i++) {
            client.send(new Message.SyncStep1(StateVector.empty()));
        }
        client.send(new Message.QueryAwareness());
        soon().until(() -> !client.frames().isEmpty());
        backend.readGate.countDown();
        soon().until(() -> client.count(TestClient::isStep2) == 2);
        client.join();
        assertThat(client.count(TestClient::isStep2)).isEqualTo(3);
    }

    @Test
    void unreadableDocumentClosesLateAndRetryable() {
        node.start(Map.of("CLOSE_DELAY", "400"));
        backend.failReads = true;
        TestClient client = node.connect("ann", "room");
        long start = System.nanoTime();
        client.send(new Message.SyncStep1(StateVector.empty()));
        client.awaitClosed();
        assertThat(client.closeCode()).isEqualTo(1013);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(390));
        backend.failReads = false;
        node.connect("ann", "room").join();
    }

    @Test
    void brokenRoomClosesEveryoneForAReconnectAndTheNextRoomIsSubscribedAfresh() {
        node.start(Map.of());
        TestClient one = node.connect("ann", "room").join();
        TestClient two = node.connect("bob", "room").join();
        backend.listeners.get(0).onBroken("Redis was restarted");
        one.awaitClosed();
        two.awaitClosed();
        assertThat(List.of(one.closeCode(), two.closeCode())).containsOnly(1012);
        assertThat(backend.listeners).isEmpty();
        TestClient again = node.connect("ann", "room").join();
        backend.write(TestUpdates.typed(1, 0, "a"));
        again.awaitHas(TestUpdates.typed(1, 0, "a"));
        assertThat(backend.listeners).hasSize(1);
    }

    @Test
    void roomThatCannotBeSubscribedIsRefusedBeforeTheUpgrade() {
        WeftServer server = node.start(Map.of());
        backend.failSubscriptions = true;
        String target = "/room?yauth=" + node.keys.token("ann");
        assertThat(TestClient.refused(server.port(), target)).isEqualTo(503);
        backend.failSubscriptions = false;
        node.connect("ann", "room").join();
        backend.healthy = false;
        assertThat(TestClient.refused(server.port(), target)).isEqualTo(503);
    }

    @Test
    void smallMessagesWaitForTheLargeOneBeforeThem() {
        node.start(Map.of());
        TestClient client = node.connect("ann", "room").join();
        byte[] large = TestUpdates.typed(1, 0, A_LOT);
        byte[] small = TestUpdates.typed(1, 50_000, "small");
        backend.computeGate = new CountDownLatch(1);
        client.update(large);
        client.update(small);
        // What the client wrote counts, even if it is gone when it was checked.
        client.leave();
        client.awaitClosed();
        assertThat(backend.appends).isEmpty();
        backend.computeGate.countDown();
        soon().until(() -> backend.appends.size() == 2);
        assertThat(backend.appends.get(0).update()).isEqualTo(large);
        assertThat(backend.appends.get(1).update()).isEqualTo(small);
    }

    @Test
    void lastConnectionEndsTheRoomEvenDuringARead() {
        node.start(Map.of());
        backend.readGate = new CountDownLatch(1);
        TestClient client = node.connect("ann", "room");
        client.send(new Message.SyncStep1(StateVector.empty()));
        soon().until(() -> backend.reads.get() == 1);
        backend.write(TestUpdates.typed(1, 0, "held"));
        client.close();
        soon().until(() -> backend.ended.get() == 1);
        backend.readGate.countDown();
        node.connect("bob", "room").join().awaitHas(TestUpdates.typed(1, 0, "held"));
    }

    @Test
    void stopWaitsForWhatRedisHasNotAnswered() throws Exception {
        WeftServer server = node.start(Map.of());
        TestClient client = node.connect("ann", "room").join();
        backend.holdAppends = true;
        client.update(TestUpdates.typed(1, 0, "a"));
        soon().until(() -> backend.appends.size() == 1);
        CompletableFuture<Void> stop = CompletableFuture.runAsync(server::close);
        client.awaitClosed();
        assertThat(stop).isNotDone();
        backend.take(backend.appends.get(0));
        stop.get();
    }

    @Test
    void stopDoesNotWaitForEver() {
        WeftServer server = node.start(Map.of("SHUTDOWN_TIMEOUT", "300"));
        TestClient client = node.connect("ann", "room").join();
        backend.holdAppends = true;
        client.update(TestUpdates.typed(1, 0, "a"));
        soon().until(() -> backend.appends.size() == 1);
        server.close();
        assertThat(client.closeCode()).isNotEqualTo(1000);
    }

    @Test
    void firstClientIsAnsweredFromWhatWasReadBeforeHeWasLetIn() {
        backend.readsAhead = true;
        node.start(Map.of());
        byte[] stored = TestUpdates.typed(1, 0, "a");
        backend.store(stored);
        backend.write(TestUpdates.typed(1, 1, "b"));
        TestClient client = node.connect("ann", "room");
        backend.write(TestUpdates.typed(1, 2, "c"));
        client.join();
        soon().until(() -> client.frames().size() >= 4);
        assertThat(client.frames())
                .containsExactly(
                        new Message.Update(stored).encode(),
                        new Message.SyncStep2(TestUpdates.typed(1, 1, "b")).encode(),
                        new Message.SyncStep1(Updates.stateVector(TestUpdates.typed(1, 0, "ab"))).encode(),
                        new Message.Update(TestUpdates.typed(1, 2, "c")).encode());
        assertThat(backend.inventories).hasValue(1);
        assertThat(backend.reads).hasValue(0);
        // Nothing of it is kept for those who come later.
        TestClient second = node.connect("bob", "room").join();
        soon().until(() -> second.has(TestUpdates.typed(1, 2, "c")));
        assertThat(backend.reads).hasValue(1);
        assertThat(backend.inventories).hasValue(1);
    }

    @Test
    void whatWasReadBeforeTheSubscriptionBeganIsNotUsed() {
        backend.readsAhead = true;
        backend.after = new EntryId(1, 0);
        node.start(Map.of());
        TestClient client = node.connect("ann", "room");
        backend.write(TestUpdates.typed(1, 0, "a"));
        client.join();
        assertThat(client.has(TestUpdates.typed(1, 0, "a"))).isTrue();
        assertThat(backend.reads).hasValue(1);
    }

    /** What is remembered of the version, and the stream, are enough. */
    @Test
    void clientThatComesBackToItsOwnRoomHasNothingLoadedForHim() {
        backend.readsAhead = true;
        node.start(Map.of());
        byte[] stored = TestUpdates.typed(1, 0, "a");
        backend.store(stored);
        try (TestClient first = node.connect("ann", "room").join()) {
            assertThat(first.has(stored)).isTrue();
        }
        soon().until(() -> backend.ended.get() == 1);
        int loads = backend.loads.get();
        TestClient again = node.connect("ann", "room").join(Updates.stateVector(stored));
        assertThat(again.frames().getFirst()).isEqualTo(new Message.SyncStep2(Updates.empty()).encode());
        assertThat(backend.loads).hasValue(loads);
        assertThat(backend.reads).hasValue(0);
    }

    @Test
    void versionThatWasReplacedSinceTheRoomWasOpenedIsNotMissed() {
        backend.readsAhead = true;
        node.start(Map.of());
        VersionReference old = backend.store(TestUpdates.typed(1, 0, "a"));
        TestClient client = node.connect("ann", "room");
        byte[] both = Updates.merge(List.of(TestUpdates.typed(1, 0, "a"), TestUpdates.typed(1, 1, "b")));
        backend.store(both);
        backend.discard(old);
        client.join();
        assertThat(client.has(both)).isTrue();
        assertThat(backend.reads).hasValue(1);
    }

    @Test
    void whatWasReadInAdvanceIsGivenUpWhenTooMuchHappensBeforeTheFirstJoin() {
        backend.readsAhead = true;
        node.start(Map.of("MAX_BACKLOG_BYTES", "65536"));
        TestClient client = node.connect("ann", "room");
        backend.write(TestUpdates.typed(1, 0, A_LOT));
        backend.write(TestUpdates.typed(1, 50_000, A_LOT));
        client.join();
        assertThat(client.has(TestUpdates.typed(1, 0, A_LOT))).isTrue();
        assertThat(client.has(TestUpdates.typed(1, 50_000, A_LOT))).isTrue();
        assertThat(backend.reads).hasValue(1);
    }

    @Test
    void whatWasReadInAdvanceIsForgottenWhenNobodyJoins() {
        backend.readsAhead = true;
        WeftServer server = node.start(Map.of());
        TestClient silent = node.connect("ann", "room");
        assertThat(TestServer.metric(server, JOIN_MEMORY)).isPositive();
        soon().until(() -> TestServer.metric(server, JOIN_MEMORY) == 0);
        silent.join();
        assertThat(backend.reads).hasValue(1);
    }

    @Test
    void nobodyIsLetInWhileStorageDoesNotAnswer() {
        WeftServer server = node.start(Map.of());
        backend.failInventories = true;
        assertThat(TestClient.refused(server.port(), "/room?yauth=" + node.keys.token("ann")))
                .isEqualTo(503);
        backend.failInventories = false;
        node.connect("ann", "room").join();
    }

    @Test
    void roomThatBreaksWhileItIsBeingOpenedRefusesAtOnce() {
        backend.readsAhead = true;
        backend.readGate = new CountDownLatch(1);
        WeftServer server = node.start(Map.of());
        CompletableFuture<Integer> status = CompletableFuture.supplyAsync(
                () -> TestClient.refused(server.port(), "/room?yauth=" + node.keys.token("ann")));
        soon().until(() -> backend.inventories.get() == 1);
        backend.listeners.getFirst().onBroken("Redis was restarted");
        // Not only after the time limit, nor when storage has answered.
        assertThat(status).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(503);
        backend.readGate.countDown();
        node.connect("bob", "room").join();
    }

    @Test
    void firstEightOfARoomAreServedByOneEventLoopAndMoreByAll() {
        node.start(Map.of());
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(node.connect("user" + i, "room").join());
            clients.getLast().update(TestUpdates.typed(i, 0, "x"));
            int count = i + 1;
            soon().until(() -> backend.appends.size() == count);
        }
        List<Thread> loops =
                backend.appends.stream().map(FakeBackend.Append::by).toList();
        assertThat(loops.subList(0, 8)).containsOnly(loops.getFirst());
        assertThat(loops).anyMatch(loop -> !loop.equals(loops.getFirst()));
        // Wherever they are served, each gets what any of them writes.
        for (int i = 0; i < 20; i++) {
            byte[] update = TestUpdates.typed(i, 0, "x");
            clients.forEach(client -> client.awaitHas(update));
        }
        // They are heard leaving, too.
        clients.forEach(TestClient::close);
        soon().until(() -> backend.ended.get() == 1);
    }
}
