package dev.weft.storage;

import dev.weft.yjs.StateVector;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
    public List<StoredVersion> load(DocumentId document, Collection<VersionReference> references) {
        Set<VersionReference> wanted = Set.copyOf(references);
        return load(document).stream()
                .filter(version -> wanted.contains(version.reference()))
                .toList();
    }

    @Override
    public List<VersionInfo> list(DocumentId document) {
        return open().list(document);
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
    public Erasure erase(DocumentId document) {
        return open().erase(document);
    }

    @Override
    public Optional<Instant> erasedAt(DocumentId document) {
        return open().erasedAt(document);
    }

    @Override
    public Inventory inventory(DocumentId document) {
        return open().inventory(document);
    }

    @Override
    public void allow(DocumentId document) {
        open().allow(document);
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

    private record Kept(StoredVersion version, Instant at) {
        /** A version with bytes of its own. */
        StoredVersion copy() {
            return new StoredVersion(version.reference(), version.update().clone(), version.stateVector());
        }

        VersionInfo info() {
            return new VersionInfo(version.reference(), version.update().length, at);
        }
    }

    private static final class Documents {
        private final InstantSource clock = InstantSource.system();
        // All guarded by this.
        private final Map<DocumentId, Map<VersionReference, Kept>> byId = new HashMap<>();
        private final Map<DocumentId, Instant> erased = new HashMap<>();
        private long next;

        synchronized List<StoredVersion> load(DocumentId document) {
            return byId.getOrDefault(document, Map.of()).values().stream()
                    .map(Kept::copy)
                    .toList();
        }

        synchronized List<VersionInfo> list(DocumentId document) {
            return byId.getOrDefault(document, Map.of()).values().stream()
                    .map(Kept::info)
                    .toList();
        }

        synchronized VersionReference store(DocumentId document, byte[] update, StateVector stateVector) {
            if (erased.containsKey(document)) {
                throw new DocumentErasedException(document);
            }
            VersionReference reference = new VersionReference(Long.toString(next++));
            StoredVersion version = new StoredVersion(reference, update.clone(), stateVector);
            byId.computeIfAbsent(document, id -> new LinkedHashMap<>())
                    .put(reference, new Kept(version, clock.instant()));
            return reference;
        }

        synchronized void discard(DocumentId document, Collection<VersionReference> references) {
            Map<VersionReference, Kept> versions = byId.get(document);
            if (versions != null) {
                references.forEach(versions::remove);
                if (versions.isEmpty()) {
                    byId.remove(document);
                }
            }
        }

        synchronized Erasure erase(DocumentId document) {
            Instant at = erased.computeIfAbsent(document, id -> clock.instant());
            List<VersionInfo> gone = list(document);
            byId.remove(document);
            return new Erasure(
                    at, gone.size(), gone.stream().mapToLong(VersionInfo::bytes).sum());
        }

        synchronized Inventory inventory(DocumentId document) {
            return new Inventory(list(document), erasedAt(document));
        }

        synchronized Optional<Instant> erasedAt(DocumentId document) {
            return Optional.ofNullable(erased.get(document));
        }

        synchronized void allow(DocumentId document) {
            erased.remove(document);
        }
    }
}
