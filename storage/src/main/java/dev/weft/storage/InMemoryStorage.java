package dev.weft.storage;

import dev.weft.yjs.StateVector;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps documents in this process's memory: for tests, and to show what a storage is. Nothing is durable. */
public final class InMemoryStorage implements DocumentStorage {
    private final Documents documents;
    private volatile boolean closed;

    /** A storage without documents. */
    public InMemoryStorage() {
        this(new Documents());
    }

    private InMemoryStorage(Documents documents) {
        this.documents = documents;
    }

    /** Another storage with the same documents, as another process would open it. The documents end with the last of them. */
    public InMemoryStorage another() {
        return new InMemoryStorage(documents);
    }

    @Override
    public List<StoredVersion> load(DocumentId document) {
        return open().load(document);
    }

    @Override
    public VersionReference store(DocumentId document, byte[] update, StateVector stateVector) {
        return open().store(document, update, stateVector);
    }

    @Override
    public void discard(DocumentId document, Collection<VersionReference> references) {
        open().discard(document, references);
    }

    @Override
    public void erase(DocumentId document) {
        open().erase(document);
    }

    @Override
    public void close() {
        closed = true;
    }

    private Documents open() {
        if (closed) {
            throw new StorageException("the storage in memory is closed");
        }
        return documents;
    }

    private static final class Documents {
        // Both guarded by this.
        private final Map<DocumentId, Map<VersionReference, StoredVersion>> byId = new HashMap<>();
        private long next;

        synchronized List<StoredVersion> load(DocumentId document) {
            return byId.getOrDefault(document, Map.of()).values().stream()
                    .map(Documents::copy)
                    .toList();
        }

        synchronized VersionReference store(DocumentId document, byte[] update, StateVector stateVector) {
            VersionReference reference = new VersionReference(Long.toString(next++));
            byId.computeIfAbsent(document, id -> new LinkedHashMap<>())
                    .put(reference, new StoredVersion(reference, update.clone(), stateVector));
            return reference;
        }

        synchronized void discard(DocumentId document, Collection<VersionReference> references) {
            Map<VersionReference, StoredVersion> versions = byId.get(document);
            if (versions != null) {
                references.forEach(versions::remove);
                if (versions.isEmpty()) {
                    byId.remove(document);
                }
            }
        }

        synchronized void erase(DocumentId document) {
            byId.remove(document);
        }

        private static StoredVersion copy(StoredVersion version) {
            return new StoredVersion(version.reference(), version.update().clone(), version.stateVector());
        }
    }
}
