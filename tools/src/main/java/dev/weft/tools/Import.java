package dev.weft.tools;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.weft.storage.DocumentErasedException;
import dev.weft.storage.DocumentId;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.StorageException;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.UnreadableVersionException;
import dev.weft.storage.YRedisArchive;
import dev.weft.yjs.Updates;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Replaces what y-redis has stored by versions of ours, document by document: load what y-redis has of it, merge, store, and only then discard.
 * That is the rule of workers, too, so both may work on one document at one time, and servers read it meanwhile; at worst it is stored
 * twice, until it is next compacted. Versions that are ours already are left alone. What was done is no longer there when it is done again.
 */
final class Import {
    /** A document in memory: as it was read, converted, merged and on its way. */
    private static final int COPIES = 6;

    private static final int KIB = 1024;
    /** So many documents in a row that the storage refused say that it refuses all. */
    private static final int MOST_FAILURES = 20;

    private final DocumentStorage storage;
    private final YRedisArchive archive;
    private final boolean stores;
    private final int concurrency;
    private final RetryPolicy<Object> retries;
    private final ImportReport report = new ImportReport();
    private final AtomicInteger failuresInARow = new AtomicInteger();
    private final int memory =
            (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / KIB / 2);
    private final Semaphore kibibytes = new Semaphore(memory, true);

    /**
     * An import.
     *
     * @param archive the same storage
     * @param stores whether anything is changed; if not, documents are read and converted only
     * @param concurrency documents at one time; fewer, if they are large
     * @param pause before a document that the storage refused is tried again, and more before it is tried a third time
     */
    Import(DocumentStorage storage, YRedisArchive archive, boolean stores, int concurrency, Duration pause) {
        this.storage = storage;
        this.archive = archive;
        this.stores = stores;
        this.concurrency = concurrency;
        this.retries = RetryPolicy.builder()
                .handle(StorageException.class)
                .abortOn(UnreadableVersionException.class, DocumentErasedException.class)
                .withMaxRetries(2)
                .withBackoff(pause, pause.multipliedBy(10))
                .build();
    }

    /** What has come of it; to be asked by other threads while it runs. */
    ImportReport.Totals totals() {
        return report.totals();
    }

    /**
     * Imports the documents that {@code chosen} accepts. Blocks.
     *
     * @throws StorageException if the storage refuses one document after the other, or its list
     */
    void run(Predicate<YRedisArchive.Left> chosen) {
        Semaphore slots = new Semaphore(concurrency);
        // Closing it waits for those under way.
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            archive.forEach(left -> {
                if (!chosen.test(left)) {
                    return;
                }
                if (failuresInARow.get() >= MOST_FAILURES) {
                    throw new StorageException(
                            "the storage refused " + MOST_FAILURES
                                    + " documents in a row; what was done stays done, and the same command goes on with the rest");
                }
                // An interrupt ends the process; there is nothing to undo.
                slots.acquireUninterruptibly();
                executor.execute(() -> {
                    try {
                        importInMemory(left);
                    } finally {
                        slots.release();
                    }
                });
            });
        }
    }

    private void importInMemory(YRedisArchive.Left left) {
        int needed = Math.clamp(left.bytes() * COPIES / KIB, 1, memory);
        kibibytes.acquireUninterruptibly(needed);
        try {
            importOne(left);
        } finally {
            kibibytes.release(needed);
        }
    }

    private void importOne(YRedisArchive.Left left) {
        if (left.document().isEmpty()) {
            report.left(left.name(), "no room here can have this name, because no client escapes one so", left.bytes());
            return;
        }
        try {
            Failsafe.with(retries).run(() -> convert(left.document().get(), left));
            failuresInARow.set(0);
        } catch (DocumentErasedException e) {
            report.skipped(left.bytes());
        } catch (UnreadableVersionException e) {
            failuresInARow.set(0);
            report.left(left.name(), String.valueOf(e.getMessage()), left.bytes());
        } catch (StorageException e) {
            failuresInARow.incrementAndGet();
            report.left(left.name(), String.valueOf(e.getMessage()), left.bytes());
        }
    }

    private void convert(DocumentId document, YRedisArchive.Left left) {
        List<StoredVersion> versions = storage.load(document, left.versions());
        if (versions.isEmpty()) {
            report.skipped(left.bytes());
            return;
        }
        StoredVersion first = versions.getFirst();
        byte[] update = versions.size() == 1
                ? first.update()
                : Updates.merge(versions.stream().map(StoredVersion::update).toList());
        if (stores) {
            storage.store(document, update, versions.size() == 1 ? first.stateVector() : Updates.stateVector(update));
            storage.discard(
                    document, versions.stream().map(StoredVersion::reference).toList());
        }
        report.imported(versions.size(), left.bytes(), update.length);
    }
}
