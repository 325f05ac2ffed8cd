package dev.weft.server;

import dev.weft.room.EntryId;
import dev.weft.room.RoomErasedException;
import dev.weft.yjs.AwarenessState;
import dev.weft.yjs.Contents;
import dev.weft.yjs.Message;
import dev.weft.yjs.Updates;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a client's messages bring about. Confined to the connection's event loop. */
final class Conversation {
    private static final byte[] NOTHING = Updates.empty();
    private static final String READ_ONLY =
            "read-only: you may not change this document, and your change was not saved";

    private final Connection connection;
    private final Room room;
    private final Node node;
    private final InFlight inFlight;

    /** What the document had when the client joined; to be compared with the client's sync step 2. */
    private @Nullable Contents known;

    private boolean toldReadOnly;
    private boolean asking;

    Conversation(Connection connection, Room room, Node node) {
        this.connection = connection;
        this.room = room;
        this.node = node;
        this.inFlight = new InFlight(
                connection.reading(),
                connection.loop(),
                node.connections().unsettled(),
                node.limits().inFlightBytes());
    }

    @Nullable
    Contents known() {
        return known;
    }

    void known(@Nullable Contents contents) {
        known = contents;
    }

    /**
     * @param size the whole message's bytes
     * @param covered whether it is a sync step 2 that brings nothing which the document does not have
     */
    void hear(Message message, int size, boolean covered) {
        switch (message) {
            case Message.SyncStep1 step -> {
                if (!connection.isAsking(step.stateVector())) {
                    room.join(connection, step.stateVector());
                }
            }
            case Message.SyncStep2 step -> {
                known = null;
                write(step.update(), covered);
            }
            case Message.Update update -> write(update.update(), false);
            case Message.Awareness awareness -> announce(awareness.states(), size);
            case Message.QueryAwareness query -> answerWhoIsThere();
            // From server to client only; a client that sends it changes nothing.
            case Message.PermissionDenied denied -> {}
        }
    }

    private void write(byte[] update, boolean covered) {
        if (!connection.visitor().mayWrite()) {
            refuse(update, covered);
        } else if (Arrays.equals(update, NOTHING)) {
            node.metrics().coveredUpdate();
        } else if (covered) {
            node.metrics().coveredUpdate();
            // y-websocket 4 waits for its own content to come back before it calls it saved.
            if (!Updates.hasNoStructs(update)) {
                connection.send(new Message.Update(update));
            }
        } else {
            append(update);
        }
    }

    private void append(byte[] update) {
        CompletionStage<EntryId> taken;
        try {
            taken = node.backend().append(connection.visitor().room(), update);
        } catch (RuntimeException e) {
            taken = CompletableFuture.failedFuture(e);
        }
        inFlight.track(update.length, taken);
        taken.whenComplete((id, error) -> {
            if (error == null) {
                node.metrics().appended();
            } else if (error instanceof RoomErasedException || error.getCause() instanceof RoomErasedException) {
                connection.loop().execute(() -> connection.close(CloseReason.ERASED, "it takes no updates any more"));
            } else {
                node.metrics().appendFailed();
                node.log().warn("Redis did not take an update", String.valueOf(error));
                connection.loop().execute(() -> connection.close(CloseReason.APPEND_FAILED, "append failed"));
            }
        });
    }

    private void refuse(byte[] update, boolean covered) {
        node.metrics().readOnlyWrite();
        boolean adds = !covered && !Arrays.equals(update, NOTHING);
        if (adds && !toldReadOnly) {
            toldReadOnly = true;
            connection.send(new Message.PermissionDenied(READ_ONLY));
        }
    }

    private void announce(List<AwarenessState> states, int size) {
        if (!states.isEmpty()) {
            inFlight.track(size, room.announce(connection, states));
        }
    }

    private void answerWhoIsThere() {
        if (asking) {
            return;
        }
        asking = true;
        node.backend()
                .awareness(connection.visitor().room())
                .whenComplete((states, error) -> connection.loop().execute(() -> {
                    asking = false;
                    if (error == null) {
                        connection.send(new Message.Awareness(states));
                    } else {
                        node.log().warn("presence could not be read", String.valueOf(error));
                    }
                }));
    }
}
