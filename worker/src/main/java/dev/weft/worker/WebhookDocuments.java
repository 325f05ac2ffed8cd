package dev.weft.worker;

import dev.weft.room.EntryId;
import dev.weft.room.MemoryBudget;
import dev.weft.room.RoomName;
import dev.weft.room.Rooms;
import dev.weft.room.WorkQueue;
import dev.weft.storage.DocumentStorage;
import java.util.function.Consumer;

/**
 * Puts documents together as webhooks send them, within a budget of memory: what a document takes is held until it was sent. One that is
 * larger than the budget gets all of it.
 */
final class WebhookDocuments {
    private static final int LEAST_COST = 1 << 20;

    private final Rooms rooms;
    private final WorkQueue queue;
    private final DocumentStorage storage;
    private final MemoryBudget memory;
    private final WebhookFormat format;

    WebhookDocuments(Rooms rooms, WorkQueue queue, DocumentStorage storage, MemoryBudget memory, WebhookFormat format) {
        this.rooms = rooms;
        this.queue = queue;
        this.storage = storage;
        this.memory = memory;
        this.format = format;
    }

    /** Waits for memory, and gives the document as it is then. Throws what Redis, storage and {@code use} throw. */
    void with(RoomName room, Consumer<WebhookBody> use) {
        long stream = queue.backlog(room, EntryId.ZERO)
                .map(backlog -> Math.max(0, backlog.bytes()))
                .orElse(0L);
        long stored = VersionPolicy.bytes(storage.list(room.document()));
        MemoryBudget.Share share = memory.take(LEAST_COST + format.cost() * (stream + stored));
        try {
            byte[] update = rooms.assemble(room, storage).update();
            use.accept(rooms.merges().run(() -> format.body(room, update)));
        } finally {
            share.close();
        }
    }
}
