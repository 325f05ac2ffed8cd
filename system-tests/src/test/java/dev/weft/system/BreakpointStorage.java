package dev.weft.system;

import dev.weft.storage.DocumentId;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.Erasure;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.VersionInfo;
import dev.weft.storage.VersionReference;
import dev.weft.yjs.StateVector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A storage that passes everything on to another one, and stops, after a word on standard output, the first time that it comes to a
 * given step: so that a test can kill the process exactly there, or freeze it and let it go on later.
 */
final class BreakpointStorage implements DocumentStorage {
    /** A place between two steps of a compaction, named after what the storage is asked to do. */
    enum Step {
        NONE,
        /** The stream was read, storage was not. */
        BEFORE_LOAD,
        AFTER_LOAD,
        BEFORE_STORE,
        AFTER_STORE,
        BEFORE_DISCARD,
        /** All is done but the trim. */
        AFTER_DISCARD,
        /** The trim is done, and the next compaction has read the stream. */
        BEFORE_NEXT_LOAD
    }

    private static final long LOOK_EVERY_NANOS = 20_000_000;

    private final DocumentStorage storage;
    private final AtomicReference<Step> breakpoint;
    private final Consumer<Step> stop;
    private final AtomicInteger loads = new AtomicInteger();

    BreakpointStorage(DocumentStorage storage, Step breakpoint, Consumer<Step> stop) {
        this.storage = storage;
        this.breakpoint = new AtomicReference<>(breakpoint);
        this.stop = stop;
    }

    /** What a process says when it has come to the step. */
    static String announcement(Step step) {
        return "breakpoint " + step;
    }

    @Override
    public List<StoredVersion> load(DocumentId document) {
        at(loads.incrementAndGet() == 1 ? Step.BEFORE_LOAD : Step.BEFORE_NEXT_LOAD);
        List<StoredVersion> versions = storage.load(document);
        at(Step.AFTER_LOAD);
        return versions;
    }

    @Override
    public VersionReference store(DocumentId document, byte[] update, StateVector stateVector) {
        at(Step.BEFORE_STORE);
        VersionReference reference = storage.store(document, update, stateVector);
        at(Step.AFTER_STORE);
        return reference;
    }

    @Override
    public void discard(DocumentId document, Collection<VersionReference> references) {
        at(Step.BEFORE_DISCARD);
        storage.discard(document, references);
        at(Step.AFTER_DISCARD);
    }

    @Override
    public List<StoredVersion> load(DocumentId document, Collection<VersionReference> references) {
        return storage.load(document, references);
    }

    @Override
    public List<VersionInfo> list(DocumentId document) {
        return storage.list(document);
    }

    @Override
    public Erasure erase(DocumentId document) {
        return storage.erase(document);
    }

    @Override
    public Optional<Instant> erasedAt(DocumentId document) {
        return storage.erasedAt(document);
    }

    @Override
    public void allow(DocumentId document) {
        storage.allow(document);
    }

    @Override
    public void close() {
        storage.close();
    }

    private void at(Step step) {
        if (breakpoint.compareAndSet(step, Step.NONE)) {
            stop.accept(step);
        }
    }

    /** Says where it is, and waits until {@code release} exists. */
    @SuppressWarnings("SystemOut") // The test reads it from there.
    static void announceAndWait(Step step, Path release) {
        System.out.println(announcement(step));
        System.out.flush();
        while (!Files.exists(release) && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }
}
