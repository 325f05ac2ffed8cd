package dev.weft.server;

import static dev.weft.server.PlayedNode.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.storage.VersionReference;
import dev.weft.yjs.Contents;
import dev.weft.yjs.Message;
import dev.weft.yjs.StateVector;
import dev.weft.yjs.Updates;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Joins of large documents, of a node whose Redis and storage do as the test says. */
@ExtendWith(LeakCheck.class)
class LargeJoinTest {
    /** Of a message, without the header of its frame. */
    private static final int PIECE = 256 << 10;

    private static final int LETTERS = 100_000;
    private static final StateVector NOTHING = StateVector.empty();

    private final PlayedNode node = new PlayedNode(Map.of());
    private final FakeBackend backend = node.backend;

    @AfterEach
    void stop() {
        node.close();
    }

    /** Structs of {@link #LETTERS} letters each, one after the other. */
    private static byte[] text(long client, int first, int structs) {
        List<byte[]> parts = new ArrayList<>();
        for (int i = first; i < first + structs; i++) {
            parts.add(TestUpdates.typed(client, (long) i * LETTERS, "x".repeat(LETTERS)));
        }
        return Updates.merge(parts);
    }

    @Test
    void documentComesInPiecesEachOfWhichCanBeApplied() {
        node.start(Map.of());
        // What depends on the others was stored first.
        backend.store(Updates.merge(List.of(text(1, 10, 10), TestUpdates.deleted(1, 5, 1))));
        backend.store(text(1, 0, 10));
        backend.store(text(2, 0, 3));
        byte[] tail = TestUpdates.typed(1, 20L * LETTERS, "tail");
        backend.write(tail);
        TestClient client = node.connect("ann", "room").join();
        soon().until(() -> client.count(TestClient::isStep1) == 1);
        List<Message> messages = client.messages();
        assertThat(messages.getLast()).isInstanceOf(Message.SyncStep1.class);
        assertThat(messages.get(messages.size() - 2)).isInstanceOf(Message.SyncStep2.class);
        assertThat(client.count(TestClient::isUpdate)).isBetween(8, 14);
        assertThat(client.frames()).allSatisfy(frame -> assertThat(frame).hasSizeLessThanOrEqualTo(PIECE));
        nothingWaits(client);
        for (byte[] part : List.of(text(1, 0, 20), text(2, 0, 3), tail, TestUpdates.deleted(1, 5, 1))) {
            assertThat(client.has(part)).isTrue();
        }
        assertThat(((Message.SyncStep1) messages.getLast()).stateVector())
                .isEqualTo(Updates.stateVector(client.document()));
    }

    /** Whatever has come counts: none of it waits for something that is missing. */
    private static void nothingWaits(TestClient client) {
        List<byte[]> sofar = new ArrayList<>(List.of(Updates.empty()));
        for (Message message : client.messages()) {
            switch (message) {
                case Message.SyncStep2 step -> sofar.add(step.update());
                case Message.Update update -> sofar.add(update.update());
                default -> {}
            }
            byte[] merged = Updates.merge(sofar);
            assertThat(Contents.of(merged).hasStructsBeyond(Updates.stateVector(merged)))
                    .isFalse();
        }
    }

    @Test
    void stormCostsOneReadAndOneLoad() {
        WeftServer server = node.start(Map.of());
        byte[] document = text(1, 0, 30);
        backend.store(document);
        backend.loadGate = new CountDownLatch(1);
        List<TestClient> joiners = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            TestClient joiner = node.connect("user" + i, "room");
            joiner.send(new Message.SyncStep1(NOTHING));
            joiner.send(new Message.QueryAwareness());
            soon().until(() -> !joiner.frames().isEmpty());
            joiners.add(joiner);
        }
        backend.loadGate.countDown();
        joiners.forEach(joiner -> joiner.awaitHas(document));
        assertThat(backend.reads).hasValue(1);
        assertThat(backend.loads).hasValue(1);
        soon().until(() -> TestServer.metric(server, "weft_joins_memory_bytes") == 0);
    }

    @Test
    void whoComesWhileOthersAreSentTheDocumentSharesIt() {
        WeftServer server = node.start(Map.of());
        byte[] document = text(1, 0, 200);
        backend.store(document);
        TestClient slow = node.connect("slow", "room");
        slow.stopReading();
        slow.send(new Message.SyncStep1(NOTHING));
        soon().until(() -> TestServer.metric(server, "weft_joins_seconds_count") == 1);
        byte[] meanwhile = TestUpdates.typed(2, 0, "meanwhile");
        backend.write(meanwhile);
        TestClient late = node.connect("late", "room").join();
        late.awaitHas(document);
        late.awaitHas(meanwhile);
        TestClient returning = node.connect("returning", "room").join(Updates.stateVector(document));
        returning.awaitHas(meanwhile);
        assertThat(returning.document()).hasSizeLessThan(100);
        assertThat(backend.reads).hasValue(1);
        assertThat(backend.loads).hasValue(1);
        assertThat(TestServer.metric(server, "weft_joins_memory_bytes")).isPositive();
        slow.readOn();
        slow.awaitHas(document);
        slow.awaitHas(meanwhile);
        soon().until(() -> TestServer.metric(server, "weft_joins_memory_bytes") == 0);
    }

    @Test
    void whoHasAllCostsNoLoadAndGetsTheDeletions() {
        WeftServer server = node.start(Map.of());
        byte[] document = text(1, 0, 10);
        byte[] deletion = TestUpdates.deleted(1, 7, 2);
        backend.store(Updates.merge(List.of(document, deletion)));
        node.connect("ann", "room").join().leave();
        assertThat(backend.loads).hasValue(1);
        TestClient returning = node.connect("ann", "room").join(Updates.stateVector(document));
        assertThat(returning.frames().getFirst()).isEqualTo(new Message.SyncStep2(deletion).encode());
        assertThat(backend.loads).hasValue(1);
        assertThat(TestServer.metric(server, "weft_joins_loads_total")).isEqualTo(1);
        assertThat(TestServer.metric(server, "weft_joins_loads_spared_total")).isEqualTo(1);
    }

    /** Nothing of what is stored is scanned: that would be for a thread of {@code compute}. */
    @Test
    void whoComesLaterGetsTheDocumentAsItWasCutBefore() {
        node.start(Map.of());
        byte[] document = text(1, 0, 10);
        backend.store(Updates.merge(List.of(text(1, 5, 5), TestUpdates.deleted(1, 7, 2))));
        backend.store(text(1, 0, 5));
        TestClient first = node.connect("ann", "room").join();
        backend.computeFailure = new IllegalStateException("nothing is to be computed");
        TestClient second = node.connect("bob", "room").join();
        assertThat(second.has(document)).isTrue();
        assertThat(second.has(TestUpdates.deleted(1, 7, 2))).isTrue();
        assertThat(second.document()).isEqualTo(first.document());
        byte[] tail = Updates.merge(List.of(TestUpdates.typed(1, 10L * LETTERS, "tail"), text(1, 9, 1)));
        backend.computeFailure = null;
        backend.write(tail);
        TestClient third = node.connect("eve", "other").join();
        assertThat(third.has(document)).isTrue();
        assertThat(third.has(tail)).isTrue();
        assertThat(third.has(TestUpdates.deleted(1, 7, 2))).isTrue();
        assertThat(third.frames().stream().mapToInt(frame -> frame.length).sum())
                .as("what is stored comes once")
                .isLessThan(document.length + LETTERS / 2);
    }

    /** A stored version has what depends on an entry, which the worker that stored it had not seen. */
    @Test
    void whatIsStoredMayDependOnTheStream() {
        node.start(Map.of());
        byte[] before = text(1, 0, 3);
        byte[] after = text(1, 3, 5);
        backend.store(after);
        TestClient early = node.connect("ann", "room").join();
        assertThat(early.has(after)).isTrue();
        backend.write(before);
        for (String user : List.of("bob", "eve")) {
            TestClient client = node.connect(user, "room").join();
            nothingWaits(client);
            assertThat(client.has(Updates.merge(List.of(before, after)))).isTrue();
        }
    }

    @Test
    void deletionsThatAreKnownAreNeitherCheckedNorAppended() {
        WeftServer server = node.start(Map.of());
        byte[] document = text(1, 0, 1);
        List<byte[]> parts = new ArrayList<>(List.of(document));
        for (int i = 0; i < 5_000; i++) {
            parts.add(TestUpdates.deleted(1, 3L * i, 1));
        }
        byte[] stored = Updates.merge(parts);
        byte[] deletions = Contents.of(stored).deletions();
        backend.store(stored);
        TestClient client = node.connect("ann", "room").join(Updates.stateVector(document));
        assertThat(client.document()).isEqualTo(deletions);
        soon().until(() -> client.count(TestClient::isStep1) == 1);
        backend.computeFailure = new IllegalStateException("nothing is to be computed");
        client.send(new Message.SyncStep2(deletions));
        soon().until(() -> TestServer.metric(server, "weft_updates_covered_total") == 1);
        assertThat(backend.appends).isEmpty();
        backend.computeFailure = null;

        TestClient another = node.connect("bob", "room").join(Updates.stateVector(document));
        byte[] more = Updates.merge(List.of(deletions, TestUpdates.deleted(1, 50_000, 1)));
        another.send(new Message.SyncStep2(more));
        client.awaitHas(more);
        assertThat(backend.appends).hasSize(1);
    }

    @Test
    void whoLacksSomethingOfOneVersionHasThatOneLoaded() {
        node.start(Map.of());
        byte[] document = text(1, 0, 10);
        backend.store(document);
        node.connect("ann", "room").join().leave();
        byte[] later = text(1, 10, 1);
        backend.store(later);
        byte[] tail = TestUpdates.typed(1, 11L * LETTERS, "tail");
        backend.write(tail);
        TestClient returning = node.connect("ann", "room").join(Updates.stateVector(document));
        assertThat(backend.loads).hasValue(2);
        assertThat(returning.has(later)).isTrue();
        assertThat(returning.has(tail)).isTrue();
        assertThat(returning.has(document)).isFalse();
    }

    /** Both come while the room is read; what to load was decided when only the first was there. */
    @Test
    void whoLacksMoreThanThoseForWhomItIsReadHasItReadAgain() {
        node.start(Map.of());
        byte[] document = text(1, 0, 10);
        backend.store(document);
        node.connect("ann", "room").join().leave();
        backend.readGate = new CountDownLatch(1);
        TestClient returning = node.connect("bob", "room");
        returning.send(new Message.SyncStep1(Updates.stateVector(document)));
        soon().until(() -> backend.reads.get() == 2);
        TestClient fresh = node.connect("eve", "room");
        fresh.send(new Message.SyncStep1(NOTHING));
        fresh.send(new Message.QueryAwareness());
        soon().until(() -> !fresh.frames().isEmpty());
        backend.readGate.countDown();
        fresh.awaitHas(document);
        soon().until(() -> returning.count(TestClient::isStep2) == 1);
        assertThat(returning.document()).isEqualTo(Updates.empty());
    }

    @Test
    void versionThatTookThePlaceOfAnotherMeanwhileIsFound() {
        node.start(Map.of());
        VersionReference before = backend.store(text(1, 0, 5));
        backend.loadGate = new CountDownLatch(1);
        TestClient client = node.connect("ann", "room");
        client.send(new Message.SyncStep1(NOTHING));
        soon().until(() -> backend.loads.get() == 1);
        byte[] document = text(1, 0, 8);
        backend.store(document);
        backend.discard(before);
        backend.loadGate.countDown();
        client.awaitHas(document);
        assertThat(client.count(TestClient::isStep2)).isEqualTo(1);
        assertThat(backend.reads).hasValue(2);
    }

    @Test
    void failureInTheMiddleOfAReadClosesRetryableAndLeavesNothing() {
        WeftServer server = node.start(Map.of());
        byte[] document = text(1, 0, 10);
        backend.store(document);
        backend.failLoads = true;
        TestClient client = node.connect("ann", "room");
        client.send(new Message.SyncStep1(NOTHING));
        client.awaitClosed();
        assertThat(client.closeCode()).isEqualTo(1013);
        soon().until(() -> TestServer.metric(server, "weft_joins_memory_bytes") == 0);
        backend.failLoads = false;
        node.connect("ann", "room").join().awaitHas(document);
    }

    @Test
    void joinsWaitInTurnForMemoryAndMissNothing() {
        WeftServer server = node.start(Map.of("JOIN_MEMORY_BYTES", "8388608", "KEEP_ALIVE", "100"));
        // More than fits: it is read alone. And more than sockets take of it by themselves.
        byte[] document = text(1, 0, 300);
        backend.store(document);
        TestClient first = takesNothing(server, "first", "one");
        TestClient second = node.connect("second", "two");
        second.send(new Message.SyncStep1(NOTHING));
        soon().until(() -> TestServer.metric(server, "weft_joins_waiting") == 1);
        int loads = backend.loads.get();
        byte[] meanwhile = TestUpdates.typed(2, 0, "meanwhile");
        backend.write(meanwhile);
        soon().until(() -> second.messages().stream()
                        .filter(Message.Awareness.class::isInstance)
                        .count()
                >= 3);
        assertThat(second.count(TestClient::isStep2)).isZero();
        assertThat(backend.loads).hasValue(loads);
        first.readOn();
        first.awaitHas(document);
        second.awaitHas(document);
        second.awaitHas(meanwhile);
        byte[] after = TestUpdates.typed(2, 9, "after");
        backend.write(after);
        second.awaitHas(after);
        soon().until(() -> TestServer.metric(server, "weft_joins_memory_bytes") == 0);
    }

    @Test
    void whoLeavesWhileWaitingForMemoryIsNotWaitedFor() {
        WeftServer server = node.start(Map.of("JOIN_MEMORY_BYTES", "8388608"));
        byte[] document = text(1, 0, 300);
        backend.store(document);
        TestClient first = takesNothing(server, "first", "one");
        TestClient second = node.connect("second", "two");
        second.send(new Message.SyncStep1(NOTHING));
        soon().until(() -> TestServer.metric(server, "weft_joins_waiting") == 1);
        second.leave();
        second.awaitClosed();
        first.readOn();
        first.awaitHas(document);
        soon().until(() -> TestServer.metric(server, "weft_joins_memory_bytes") == 0);
        assertThat(TestServer.metric(server, "weft_joins_seconds_count")).isEqualTo(1);
    }

    @Test
    void whoTakesTooLongIsClosedAndHoldsNothing() {
        WeftServer server = node.start(Map.of("JOIN_MEMORY_BYTES", "8388608", "JOIN_TIMEOUT", "1500"));
        byte[] document = text(1, 0, 300);
        backend.store(document);
        takesNothing(server, "slow", "one");
        assertThat(TestServer.metric(server, "weft_joins_memory_bytes")).isPositive();
        soon().until(() -> TestServer.metric(server, "weft_joins_memory_bytes") == 0);
        assertThat(TestServer.metric(server, "weft_connections_closed_total")).isEqualTo(1);
        node.connect("ann", "two").join().awaitHas(document);
    }

    @Test
    void whoWaitsTooLongForMemoryIsToldToComeAgain() {
        node.start(Map.of("JOIN_MEMORY_BYTES", "8388608", "JOIN_TIMEOUT", "700"));
        backend.store(text(1, 0, 300));
        backend.loadGate = new CountDownLatch(1);
        node.connect("first", "one").send(new Message.SyncStep1(NOTHING));
        soon().until(() -> backend.loads.get() == 1);
        TestClient second = node.connect("second", "two");
        second.send(new Message.SyncStep1(NOTHING));
        second.awaitClosed();
        assertThat(second.closeCode()).isEqualTo(1013);
    }

    /** Joins the room first of all, and does not read the answer, whose memory stays taken. */
    private TestClient takesNothing(WeftServer server, String user, String room) {
        TestClient client = node.connect(user, room);
        client.stopReading();
        client.send(new Message.SyncStep1(NOTHING));
        soon().until(() -> TestServer.metric(server, "weft_joins_seconds_count") == 1);
        return client;
    }
}
