package dev.weft.server;

import dev.weft.room.AssembledDocument;
import dev.weft.room.RoomName;
import dev.weft.yjs.AwarenessState;
import dev.weft.yjs.Contents;
import dev.weft.yjs.StateVector;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A room as it was read for those who join it. Immutable, shared between them.
 *
 * @param stateVector the document's
 * @param contents what a client's sync step 2 is compared with
 * @param presence who is there
 */
record Snapshot(AssembledDocument document, StateVector stateVector, Contents contents, List<AwarenessState> presence) {

    private static final long PRESENCE_SECONDS = 10;

    /** Blocks. Throws runtime exceptions beside the checked ones. */
    static Snapshot read(RoomName room, RoomBackend backend)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<List<AwarenessState>> presence =
                backend.awareness(room).toCompletableFuture();
        AssembledDocument document = backend.assemble(room);
        Contents contents = backend.compute(() -> Contents.of(document.update()));
        return new Snapshot(
                document,
                contents.stateVector(),
                contents,
                List.copyOf(presence.get(PRESENCE_SECONDS, TimeUnit.SECONDS)));
    }
}
