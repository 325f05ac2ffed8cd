package dev.weft.worker;

import dev.weft.room.RoomName;
import dev.weft.yjs.UpdatesV2;

/** What a webhook says of a document ({@code YDOC_UPDATE_FORMAT}). */
enum WebhookFormat {
    /** All of it, as an update in encoding V2 in a form: what y-redis sends. */
    UPDATE(4) {
        @Override
        WebhookBody body(RoomName room, byte[] update) {
            return WebhookBody.form(UpdatesV2.fromV1(update));
        }
    },
    /** What people see in it, for a receiver without Yjs. */
    JSON(24) {
        @Override
        WebhookBody body(RoomName room, byte[] update) {
            return WebhookBody.json(DocumentJson.of(room, update));
        }
    };

    private final int cost;

    WebhookFormat(int cost) {
        this.cost = cost;
    }

    /** What a document takes while it is merged and written, about, times its bytes. */
    int cost() {
        return cost;
    }

    abstract WebhookBody body(RoomName room, byte[] update);
}
