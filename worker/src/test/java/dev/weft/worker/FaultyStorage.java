package dev.weft.worker;

import dev.weft.storage.DocumentId;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.Erasure;
import dev.weft.storage.InMemoryStorage;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.VersionInfo;
import dev.weft.storage.VersionReference;
import dev.weft.yjs.StateVector;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A storage that asks before and after each step whether to go on; closing it keeps what it has. */
final class FaultyStorage implements DocumentStorage {
    private final InMemoryStorage storage = new InMemoryStorage();
    private volatile Step step = (document, name) -> {};

    /** May throw, or do something else first. Names are {@code "before load"}, {@code "after load"} and so on. */
    interface Step {
        void reached(DocumentId document, String name);
    }

    void at(Step next) {
        step = next;
    }

    /** What is there, without a step. */
    List<StoredVersion> peek(DocumentId document) {
        return storage.load(document);
    }

    @Override
    public List<StoredVersion> load(DocumentId document) {
        step.reached(document, "before load");
        List<StoredVersion> versions = storage.load(document);
        step.reached(document, "after load");
        return versions;
    }

    @Override
    public VersionReference store(DocumentId document, byte[] update, StateVector stateVector) {
        step.reached(document, "before store");
        VersionReference reference = storage.store(document, update, stateVector);
        step.reached(document, "after store");
        return reference;
    }

    @Override
    public void discard(DocumentId document, Collection<VersionReference> references) {
        step.reached(document, "before discard");
        storage.discard(document, references);
        step.reached(document, "after discard");
    }

    @Override
    public List<StoredVersion> load(DocumentId document, Collection<VersionReference> references) {
        step.reached(document, "before load");
        List<StoredVersion> versions = storage.load(document, references);
        step.reached(document, "after load");
        return versions;
    }

    @Override
    public List<VersionInfo> list(DocumentId document) {
        step.reached(document, "before list");
        List<VersionInfo> versions = storage.list(document);
        step.reached(document, "after list");
        return versions;
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
    public void close() {}
}
