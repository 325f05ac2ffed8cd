package dev.weft.server;

import dev.weft.room.RoomName;
import dev.weft.storage.VersionReference;
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
    private final Map<VersionReference, StoredPart> parts = new ConcurrentHashMap<>();

    StoredParts(RoomName room, RoomBackend backend) {
        this.room = room;
        this.backend = backend;
    }

    /**
     * Loads those that are not here yet. Blocks.
     *
     * @return the versions; fewer than wanted if some are not in storage any more
     */
    List<StoredPart> load(Collection<VersionReference> wanted) {
        loading.lock();
        try {
            List<VersionReference> missing = wanted.stream()
                    .filter(version -> !parts.containsKey(version))
                    .toList();
            if (!missing.isEmpty()) {
                backend.load(room, missing)
                        .forEach(version -> parts.put(version.reference(), new StoredPart(room, version)));
            }
            return loaded(wanted);
        } finally {
            loading.unlock();
        }
    }

    /** Those of the versions that are here. */
    List<StoredPart> loaded(Collection<VersionReference> wanted) {
        List<StoredPart> found = new ArrayList<>(wanted.size());
        for (VersionReference version : wanted) {
            StoredPart part = parts.get(version);
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
}
