package dev.weft.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.yjs.StateVector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What {@link DocumentStorage} promises when several work on it at one time. A part of {@link DocumentStorageContract}. */
abstract class ConcurrentStorageContract {
    private static final int AT_ONCE = 16;
    private static final long LIMIT_SECONDS = 120;

    private final String prefix = UUID.randomUUID().toString();
    private final AtomicInteger documents = new AtomicInteger();
    private final List<DocumentStorage> opened = new ArrayList<>();

    /** Opens a storage. All that are opened by one test have the same documents; the test closes them. */
    protected abstract DocumentStorage open();

    /** How many versions a test of concurrency stores one after the other; more for a storage that is quick. */
    protected int rounds() {
        return 200;
    }

    @Test
    void readersNeverMeetAHoleWhileAVersionIsReplaced() throws Exception {
        DocumentId document = document();
        DocumentStorage writer = storage();
        DocumentStorage otherInstance = openAnother();
        // What is stored for certain: a version holds the number up to which it contains everything.
        AtomicInteger stored = new AtomicInteger();
        VersionReference first = writer.store(document, bytes("0"), StateVector.empty());

        runUntilFirstEnds(
                () -> {
                    VersionReference previous = first;
                    for (int i = 1; i <= rounds(); i++) {
                        VersionReference next = writer.store(document, bytes(Integer.toString(i)), StateVector.empty());
                        stored.set(i);
                        writer.discard(document, List.of(previous));
                        previous = next;
                    }
                },
                () -> assertNewestIsAtLeast(stored, writer, document),
                () -> assertNewestIsAtLeast(stored, otherInstance, document));

        assertThat(storage().load(document)).hasSize(1);
    }

    private static void assertNewestIsAtLeast(AtomicInteger stored, DocumentStorage storage, DocumentId document) {
        int before = stored.get();
        int newest = storage.load(document).stream()
                .mapToInt(version -> Integer.parseInt(text(version.update())))
                .max()
                .orElse(-1);
        assertThat(newest).isGreaterThanOrEqualTo(before);
    }

    @Test
    void twoWorkersThatCompactOneDocumentLoseNothing() throws Exception {
        DocumentId document = document();
        // Each round adds one number, as a compaction adds what the stream had, to the union of what it read.
        List<AtomicInteger> stored = List.of(new AtomicInteger(), new AtomicInteger());
        List<DocumentStorage> workers = List.of(storage(), openAnother());

        runUntilFirstEnds(
                () -> inParallel(2, worker -> {
                    for (int i = 0; i < rounds() / 2; i++) {
                        compact(workers.get(worker), document, 2 * i + worker);
                        stored.get(worker).set(i + 1);
                    }
                }),
                () -> {
                    BitSet expected = new BitSet();
                    for (int worker = 0; worker < 2; worker++) {
                        int end = stored.get(worker).get();
                        for (int i = 0; i < end; i++) {
                            expected.set(2 * i + worker);
                        }
                    }
                    BitSet missing = expected;
                    missing.andNot(union(workers.getFirst().load(document)));
                    assertThat(missing.isEmpty()).as("missing %s", missing).isTrue();
                });

        BitSet all = union(storage().load(document));
        assertThat(all.cardinality()).isEqualTo(rounds() / 2 * 2);
    }

    private static void compact(DocumentStorage storage, DocumentId document, int addition) {
        List<StoredVersion> versions = storage.load(document);
        BitSet merged = union(versions);
        merged.set(addition);
        storage.store(document, merged.toByteArray(), StateVector.empty());
        storage.discard(
                document, versions.stream().map(StoredVersion::reference).toList());
    }

    private static BitSet union(List<StoredVersion> versions) {
        BitSet union = new BitSet();
        versions.forEach(version -> union.or(BitSet.valueOf(version.update())));
        return union;
    }

    @Test
    void documentsAreStoredAndLoadedConcurrently() {
        List<DocumentId> ids = IntStream.range(0, 50).mapToObj(i -> document()).toList();

        inParallel(ids.size(), i -> {
            DocumentId id = ids.get(i);
            for (int round = 0; round < 4; round++) {
                byte[] update = new byte[10_000 * (i % 7) + round];
                new Random(i).nextBytes(update);
                VersionReference reference = storage().store(id, update, StateVector.empty());
                List<StoredVersion> versions = storage().load(id);
                assertThat(versions).hasSize(1);
                assertThat(versions.getFirst().update()).isEqualTo(update);
                storage().discard(id, List.of(reference));
            }
        });
    }

    @Test
    void eraseWhileOthersStoreLeavesOnlyWholeVersions() throws Exception {
        DocumentId document = document();
        byte[] update = randomBytes(20_000);

        runUntilFirstEnds(
                () -> {
                    for (int i = 0; i < rounds() / 4; i++) {
                        storage().erase(document);
                        storage().allow(document);
                        storage().store(document, update, StateVector.empty());
                    }
                },
                () -> {
                    try {
                        storage().store(document, update, StateVector.empty());
                    } catch (DocumentErasedException e) {
                        // It is allowed again at once.
                    }
                },
                () -> assertThat(storage().load(document))
                        .allSatisfy(version -> assertThat(version.update()).isEqualTo(update)));

        storage().erase(document);
        assertThat(storage().load(document)).isEmpty();
    }

    /** The storage of this test, opened on first use. */
    final DocumentStorage storage() {
        synchronized (opened) {
            if (opened.isEmpty()) {
                opened.add(open());
            }
            return opened.getFirst();
        }
    }

    /** One more storage on the same documents. */
    final DocumentStorage openAnother() {
        synchronized (opened) {
            assertThat(storage()).isNotNull(); // Opened first.
            DocumentStorage another = open();
            opened.add(another);
            return another;
        }
    }

    final void closeAll() {
        synchronized (opened) {
            opened.forEach(DocumentStorage::close);
            opened.clear();
        }
    }

    /** A document that no other test has. */
    final DocumentId document() {
        return DocumentId.ofRoom(prefixed("room " + documents.incrementAndGet()));
    }

    /** Text that no other test uses as a name; 36 bytes longer than {@code name}. */
    final String prefixed(String name) {
        return prefix + name;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Bytes that do not compress. */
    static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        seeded().nextBytes(bytes);
        return bytes;
    }

    static Random seeded() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        return new Random(seed);
    }

    /** Runs {@code action} for 0 to {@code count} - 1, several at one time, and throws what one of them throws. */
    final void inParallel(int count, IntConsumer action) {
        Semaphore permits = new Semaphore(AT_ONCE);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int index = i;
                futures.add(executor.submit(() -> {
                    permits.acquireUninterruptibly();
                    try {
                        action.accept(index);
                    } finally {
                        permits.release();
                    }
                }));
            }
            futures.forEach(ConcurrentStorageContract::join);
        }
    }

    /** Runs {@code first} once and the others again and again meanwhile, at least once each. */
    private static void runUntilFirstEnds(Runnable first, Runnable... others) throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> leader = executor.submit(first);
            List<Future<?>> followers = new ArrayList<>();
            for (Runnable other : others) {
                Callable<Void> loop = () -> {
                    do {
                        other.run();
                    } while (!leader.isDone());
                    return null;
                };
                followers.add(executor.submit(loop));
            }
            join(leader);
            followers.forEach(ConcurrentStorageContract::join);
        }
    }

    private static void join(Future<?> future) {
        try {
            future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("not done in " + LIMIT_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
