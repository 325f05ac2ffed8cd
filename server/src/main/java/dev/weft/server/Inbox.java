package dev.weft.server;

import dev.weft.yjs.Contents;
import dev.weft.yjs.MalformedException;
import dev.weft.yjs.Message;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A connection's messages, checked to the last byte and handed on in the order in which they came: small ones at once, large ones after a
 * thread meant for it has checked them, while those behind them wait. When too many bytes wait, the socket is read no further. Confined to
 * the connection's event loop.
 */
final class Inbox {
    /** Checking goes through some 100 MB a second at the worst: up to this size it is a matter of microseconds. */
    static final int CHECKED_AT_ONCE = 8 << 10;

    private final Connection connection;
    private final Conversation conversation;
    private final Node node;
    private final Queue<byte[]> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean checking;
    private boolean discarding;

    Inbox(Connection connection, Conversation conversation, Node node) {
        this.connection = connection;
        this.conversation = conversation;
        this.node = node;
    }

    /** @param message owned by the inbox from here on */
    void receive(byte[] message) {
        if (discarding) {
            return;
        }
        waiting.add(message);
        waitingBytes += message.length;
        work();
    }

    /** Drops what waits and what is still to come. */
    void discard() {
        discarding = true;
        waiting.clear();
        waitingBytes = 0;
    }

    private void work() {
        while (!checking && !discarding) {
            byte[] message = waiting.poll();
            if (message == null) {
                break;
            }
            waitingBytes -= message.length;
            Contents known = conversation.known();
            if (message.length <= CHECKED_AT_ONCE) {
                handOn(Checked.of(message, known));
            } else {
                checking = true;
                node.blocking().execute(() -> checkElsewhere(message, known));
            }
        }
        if (waitingBytes > node.limits().inFlightBytes()) {
            connection.reading().pause(PauseReason.UNCHECKED);
        } else {
            connection.reading().resume(PauseReason.UNCHECKED);
        }
    }

    private void checkElsewhere(byte[] message, @Nullable Contents known) {
        Checked checked;
        try {
            checked = node.backend().compute(() -> Checked.of(message, known));
        } catch (RuntimeException e) {
            checked = new Checked(null, false, message.length, e);
        }
        Checked result = checked;
        try {
            connection.loop().execute(() -> {
                checking = false;
                handOn(result);
                work();
            });
        } catch (RejectedExecutionException e) {
            // The server has stopped; nobody was told that the message was taken.
        }
    }

    private void handOn(Checked checked) {
        if (discarding) {
            return;
        }
        if (checked.message != null) {
            conversation.hear(checked.message, checked.size, checked.covered);
        } else if (checked.error instanceof MalformedException) {
            connection.violation(CloseReason.MALFORMED, String.valueOf(checked.error.getMessage()));
        } else {
            node.log().warn("a message could not be checked", String.valueOf(checked.error));
            connection.close(CloseReason.TRY_AGAIN, "overloaded");
        }
    }

    /**
     * @param message null if there is an error
     * @param covered whether it is a sync step 2 that brings nothing new
     */
    private record Checked(
            @Nullable Message message,
            boolean covered,
            int size,
            @Nullable RuntimeException error) {

        private static Checked of(byte[] bytes, @Nullable Contents known) {
            try {
                Message message = Message.decode(bytes);
                boolean covered =
                        known != null && message instanceof Message.SyncStep2 step && known.covers(step.update());
                return new Checked(message, covered, bytes.length, null);
            } catch (RuntimeException e) {
                return new Checked(null, false, bytes.length, e);
            }
        }
    }
}
