package dev.weft.worker;

import dev.weft.room.ErasedRoom;
import dev.weft.room.RoomName;
import dev.weft.room.Rooms;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.Erasure;
import java.time.Instant;

/**
 * Deletes a document for good, everywhere. Storage first: from then on no worker can store it any more, and no server lets anyone in. Then
 * Redis, which tells those who are in. A crash between the two leaves a stream that cannot be stored; the room's next compaction deletes
 * it. May be repeated.
 */
final class Eraser {
    private final Rooms rooms;
    private final DocumentStorage storage;

    /**
     * What was deleted.
     *
     * @param erasedAt since when the document is erased: earlier than this call, if it was before
     * @param versions in storage
     * @param bytes of these versions
     * @param streamEntries in Redis
     * @param clients whose presence was in Redis
     */
    record Receipt(RoomName room, Instant erasedAt, int versions, long bytes, long streamEntries, long clients) {}

    Eraser(Rooms rooms, DocumentStorage storage) {
        this.rooms = rooms;
        this.storage = storage;
    }

    /**
     * Blocks.
     *
     * @throws dev.weft.storage.StorageException if storage does not answer; nothing is promised then
     * @throws dev.weft.room.RedisUnavailableException if Redis does not answer: storage has erased the document, its clients may be in it
     *     still
     */
    Receipt erase(RoomName room) {
        Erasure stored = storage.erase(room.document());
        ErasedRoom live = rooms.erase(room);
        return new Receipt(room, stored.at(), stored.versions(), stored.bytes(), live.entries(), live.clients());
    }

    /** Lets the document be opened and written to again: it is empty, and whoever still has its content brings it back. */
    void allow(RoomName room) {
        storage.allow(room.document());
        rooms.allow(room);
    }
}
