package dev.weft.server;

import dev.weft.room.RoomName;
import dev.weft.storage.StorageException;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.VersionReference;
import dev.weft.yjs.IndexedUpdate;
import dev.weft.yjs.MalformedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Those of a room's stored versions that were loaded for a read of it: each once, however many need it. Thread-safe. */
final class StoredParts {
    private final RoomName room;
    private final RoomBackend backend;
    private final ReentrantLock loading = new ReentrantLock();
    private final Map<VersionReference, IndexedUpdate> parts = new ConcurrentHashMap<>();

    StoredParts(RoomName room, RoomBackend backend) {
        this.room = room;
        this.backend = backend;
    }

    /**
     * Loads those that are not here yet. Blocks.
     *
     * @return the versions; fewer than wanted if some are not in storage any more
     */
    List<IndexedUpdate> load(Collection<VersionReference> wanted) {
        loading.lock();
        try {
            List<VersionReference> missing = wanted.stream()
                    .filter(version -> !parts.containsKey(version))
                    .toList();
            if (!missing.isEmpty()) {
                List<StoredVersion> loaded = backend.load(room, missing);
                Computation.run(backend, bytes(loaded), () -> {
                    loaded.forEach(version -> parts.put(version.reference(), indexed(version)));
                    return missing;
                });
            }
            return loaded(wanted);
        } finally {
            loading.unlock();
        }
    }

    /** Those of the versions that are here. */
    List<IndexedUpdate> loaded(Collection<VersionReference> wanted) {
        List<IndexedUpdate> found = new ArrayList<>(wanted.size());
        for (VersionReference version : wanted) {
            IndexedUpdate part = parts.get(version);
            if (part != null) {
                found.add(part);
            }
        }
        return found;
    }

    /** Forgets them. They are loaded again if they are needed again. */
    void drop() {
        parts.clear();
    }

    private IndexedUpdate indexed(StoredVersion version) {
        try {
            return IndexedUpdate.of(version.update());
        } catch (MalformedException e) {
            throw new StorageException(
                    "version " + version.reference().value() + " of room '" + room.value() + "' is malformed: "
                            + e.getMessage(),
                    e);
        }
    }

    private static long bytes(List<StoredVersion> versions) {
        return versions.stream().mapToLong(version -> version.update().length).sum();
    }
}
