package dev.weft.server;

import dev.weft.room.RoomName;
import dev.weft.storage.StorageException;
import dev.weft.storage.StoredVersion;
import dev.weft.yjs.IndexedUpdate;
import dev.weft.yjs.MalformedException;
import org.jspecify.annotations.Nullable;

/** A stored version that was loaded, and its index, which is made when somebody needs it. Thread-safe. */
final class StoredPart {
    private final RoomName room;
    private final StoredVersion version;
    /** Guarded by this. */
    private @Nullable IndexedUpdate indexed;

    StoredPart(RoomName room, StoredVersion version) {
        this.room = room;
        this.version = version;
    }

    /** As it is stored. Must not be changed. */
    byte[] bytes() {
        return version.update();
    }

    /** The first call reads all of it. */
    synchronized IndexedUpdate indexed() {
        IndexedUpdate made = indexed;
        if (made == null) {
            try {
                made = IndexedUpdate.of(version.update());
            } catch (MalformedException e) {
                throw new StorageException(
                        "version " + version.reference().value() + " of room '" + room.value() + "' is malformed: "
                                + e.getMessage(),
                        e);
            }
            indexed = made;
        }
        return made;
    }
}
