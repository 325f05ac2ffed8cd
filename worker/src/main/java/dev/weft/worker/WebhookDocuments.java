package dev.weft.worker;

import dev.weft.room.EntryId;
import dev.weft.room.RoomName;
import dev.weft.room.Rooms;
import dev.weft.room.WorkQueue;
import dev.weft.storage.DocumentStorage;
import dev.weft.yjs.UpdatesV2;
import java.util.function.Consumer;

/**
 * Puts documents together as webhooks send them, within a budget of memory: what a document takes is held until it was sent. One that is
 * larger than the budget gets all of it.
 */
final class WebhookDocuments {
    /** What a document takes while it is merged and written in encoding V2, times its bytes. */
    private static final int COST = 4;

    private static final int LEAST_COST = 1 << 20;

    private final Rooms rooms;
    private final WorkQueue queue;
    private final DocumentStorage storage;
    private final MemoryBudget memory;

    WebhookDocuments(Rooms rooms, WorkQueue queue, DocumentStorage storage, MemoryBudget memory) {
        this.rooms = rooms;
        this.queue = queue;
        this.storage = storage;
        this.memory = memory;
    }

    /** Waits for memory, and gives the document as it is then. Throws what Redis, storage and {@code use} throw. */
    void with(RoomName room, Consumer<WebhookBody> use) {
        long stream = queue.backlog(room, EntryId.ZERO)
                .map(backlog -> Math.max(0, backlog.bytes()))
                .orElse(0L);
        long stored = VersionPolicy.bytes(storage.list(room.document()));
        MemoryBudget.Share share = memory.take(LEAST_COST + COST * (stream + stored));
        try {
            byte[] update = rooms.assemble(room, storage).update();
            use.accept(WebhookBody.form(rooms.merges().run(() -> UpdatesV2.fromV1(update))));
        } finally {
            share.close();
        }
    }
}
