package dev.weft.server;

import dev.weft.yjs.Contents;
import dev.weft.yjs.MalformedException;
import dev.weft.yjs.Message;
import java.util.ArrayDeque;
import java.util.Arrays;
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

    /** Two types, and a length. */
    private static final int STEP_2_HEADER = 7;

    private final Connection connection;
    private final Conversation conversation;
    private final Node node;
    /** Behind the one that is being checked; null as long as nothing waits, as it is in most connections for ever. */
    private @Nullable Queue<Incoming> waiting;

    private long waitingBytes;
    private boolean checking;
    private boolean discarding;

    Inbox(Connection connection, Conversation conversation, Node node) {
        this.connection = connection;
        this.conversation = conversation;
        this.node = node;
    }

    private record Incoming(byte[] bytes, boolean deflated) {}

    /** @param bytes owned by the inbox from here on */
    void receive(byte[] bytes, boolean deflated) {
        Incoming message = new Incoming(bytes, deflated);
        if (discarding) {
            return;
        }
        if (checking) {
            if (waiting == null) {
                waiting = new ArrayDeque<>();
            }
            waiting.add(message);
            waitingBytes += bytes.length;
            pauseOrResume();
        } else {
            check(message);
        }
    }

    /** Drops what waits and what is still to come. */
    void discard() {
        discarding = true;
        waiting = null;
        waitingBytes = 0;
    }

    private void work() {
        while (!checking && waiting != null) {
            Incoming message = waiting.remove();
            waitingBytes -= message.bytes.length;
            if (waiting.isEmpty()) {
                waiting = null;
            }
            check(message);
        }
        pauseOrResume();
    }

    private void check(Incoming message) {
        Contents known = conversation.known();
        Checked checked = known == null ? null : Checked.ofKnownDeletions(message, known);
        if (checked == null && message.bytes.length <= CHECKED_AT_ONCE) {
            checked = Checked.of(message, known, CHECKED_AT_ONCE);
        }
        if (checked != null) {
            handOn(checked);
        } else {
            checking = true;
            node.blocking().execute(() -> checkElsewhere(message, known));
        }
    }

    private void pauseOrResume() {
        if (waitingBytes > node.limits().inFlightBytes()) {
            connection.reading().pause(PauseReason.UNCHECKED);
        } else {
            connection.reading().resume(PauseReason.UNCHECKED);
        }
    }

    private void checkElsewhere(Incoming message, @Nullable Contents known) {
        Checked checked;
        try {
            int max = node.limits().messageBytes();
            checked = node.backend().compute(() -> Checked.whole(message, known, max));
        } catch (RuntimeException e) {
            checked = Checked.failed(message, e);
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
        } else if (checked.error instanceof Violation violation) {
            connection.violation(violation.reason(), String.valueOf(violation.getMessage()));
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

        /**
         * What a client answers that has all and no more: all deletions, in the very bytes in which they are known here, which need no check.
         * Null for everything else.
         */
        private static @Nullable Checked ofKnownDeletions(Incoming incoming, Contents known) {
            byte[] deletions = known.deletions();
            int header = incoming.bytes.length - deletions.length;
            if (incoming.deflated || header <= 2 || header > STEP_2_HEADER) {
                return null;
            }
            Message.SyncStep2 step = new Message.SyncStep2(deletions);
            return Arrays.equals(incoming.bytes, step.encode())
                    ? new Checked(step, true, incoming.bytes.length, null)
                    : null;
        }

        /** Null if the message is compressed and has more than {@code max} bytes. */
        private static @Nullable Checked of(Incoming incoming, @Nullable Contents known, int max) {
            try {
                byte[] bytes = incoming.deflated ? Inflation.inflate(incoming.bytes, max) : incoming.bytes;
                if (bytes == null) {
                    return null;
                }
                Message message = Message.decode(bytes);
                boolean covered =
                        known != null && message instanceof Message.SyncStep2 step && known.covers(step.update());
                return new Checked(message, covered, bytes.length, null);
            } catch (RuntimeException e) {
                return failed(incoming, e);
            }
        }

        private static Checked whole(Incoming incoming, @Nullable Contents known, int max) {
            Checked checked = of(incoming, known, max);
            return checked != null
                    ? checked
                    : failed(
                            incoming,
                            new Violation(
                                    CloseReason.TOO_LARGE,
                                    "a message of more than MAX_MESSAGE_BYTES = " + max + " bytes"));
        }

        private static Checked failed(Incoming incoming, RuntimeException error) {
            return new Checked(null, false, incoming.bytes.length, error);
        }
    }
}
