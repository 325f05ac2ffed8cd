package dev.weft.server;

import dev.weft.yjs.Contents;
import dev.weft.yjs.Message;
import dev.weft.yjs.StateVector;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One client's WebSocket, in one room. Everything here is confined to the channel's event loop, but for what is final. */
final class Connection implements Outbox.Owner, Heartbeat.Kept {
    private static final byte[] EMPTY_AWARENESS = {1, 1, 0};

    /** How long the peer may take to answer a close frame. */
    private static final long GOODBYE_MILLIS = 5_000;

    /** For how long a client's sync step 2 is waited for. */
    private static final long KNOWN_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Node node;
    private final Channel channel;
    private final Visitor visitor;
    private final Reading reading;
    private final Room room;
    private final Conversation conversation;
    private final Inbox inbox;
    private final Outbox outbox;
    private final boolean compressed;

    private final Heartbeat.Beat beat = new Heartbeat.Beat(this);

    private @Nullable Heartbeat heartbeat;
    private boolean opened;
    private boolean closing;
    private long lastHeard;
    private long knownSince;
    /** What the client had when it asked while an answer was on its way; asked anew when that has gone. */
    private @Nullable StateVector asked;

    /** @param compressed whether permessage-deflate was agreed on */
    Connection(Node node, Channel channel, Visitor visitor, Reading reading, Room room, boolean compressed) {
        this.node = node;
        this.channel = channel;
        this.visitor = visitor;
        this.reading = reading;
        this.room = room;
        this.conversation = new Conversation(this, room, node);
        this.inbox = new Inbox(this, conversation, node);
        this.compressed = compressed;
        this.outbox = new Outbox(channel, node, this, compressed);
        this.lastHeard = node.clock().nanoTime();
    }

    Visitor visitor() {
        return visitor;
    }

    EventLoop loop() {
        return channel.eventLoop();
    }

    Reading reading() {
        return reading;
    }

    /** The WebSocket is there: from now on closing it means a close frame. */
    void opened(Heartbeat keptBy) {
        opened = true;
        lastHeard = node.clock().nanoTime();
        heartbeat = keptBy;
        keptBy.add(beat);
        node.connections().add(this);
    }

    boolean isClosing() {
        return closing;
    }

    /**
     * @param message owned by this connection from here on
     * @param deflated whether it is compressed
     */
    void receive(byte[] message, boolean deflated) {
        node.metrics().messageReceived();
        inbox.receive(message, deflated);
    }

    /** Something came from the peer, no matter what. */
    void heard() {
        lastHeard = node.clock().nanoTime();
    }

    void send(Message message) {
        send(Frames.binary(channel.alloc(), message.encode()));
    }

    /** @param frames whole WebSocket frames, released here */
    void send(ByteBuf frames) {
        outbox.send(frames);
    }

    /** @param frames retained where they are needed */
    void send(Shared frames) {
        outbox.send(frames);
    }

    /** Whether it understands permessage-deflate. Called on any thread. */
    boolean isCompressed() {
        return compressed;
    }

    /** Whether a client that sent this state vector has to wait until the answer to its last one has gone. Only the last one counts. */
    boolean isAsking(StateVector have) {
        if (!outbox.isAnswering()) {
            return false;
        }
        asked = have;
        return true;
    }

    /**
     * Sends the answer to a sync step 1, however large it is.
     *
     * @param known what the document holds that the answer was made of; null if the client will not be asked for what it has
     */
    void answer(Answer answer, @Nullable Contents known) {
        if (known != null && !closing) {
            conversation.known(known);
            knownSince = node.clock().nanoTime();
        }
        outbox.answer(answer);
    }

    @Override
    public void answered() {
        StateVector have = asked;
        asked = null;
        if (have != null) {
            room.join(this, have);
        }
    }

    @Override
    public void cutOff(CloseReason reason, String detail) {
        close(reason, detail);
    }

    /** The socket takes more again, or less. */
    void writabilityChanged() {
        outbox.pump();
    }

    @Override
    public void beatFailed() {
        close(CloseReason.INTERNAL_ERROR, "see the server's log");
    }

    @Override
    public long beat(long now) {
        if (closing) {
            return -1;
        }
        if (conversation.known() != null && now - knownSince > KNOWN_NANOS) {
            conversation.known(null);
        }
        if (reading.isPaused()) {
            lastHeard = now;
        }
        long keepAlive = node.times().keepAlive().toNanos();
        long timeout = node.times().peerTimeout().toNanos();
        long silence = now - lastHeard;
        if (silence >= timeout) {
            close(CloseReason.SILENT, "nothing came for PEER_TIMEOUT");
            return -1;
        }
        boolean asks = silence >= timeout / 3 * 2;
        if (asks) {
            Sockets.enqueue(channel, new PingWebSocketFrame());
        }
        // A question takes a keep-alive along that would be due a little later: a write more would cost more. While a
        // frame
        // is on its way, another one behind it would not arrive any earlier.
        if (now - outbox.lastSent() >= (asks ? keepAlive / 2 : keepAlive) && outbox.isIdle()) {
            send(Frames.binary(channel.alloc(), EMPTY_AWARENESS));
        } else if (asks) {
            channel.flush();
        }
        if (asks) {
            return Math.min(keepAlive, Math.min(timeout / 6, timeout - silence));
        }
        return Math.min(Math.max(0, outbox.lastSent() + keepAlive - now), lastHeard + timeout / 3 * 2 - now);
    }

    /** The one way out for a client that breaks the protocol. */
    void violation(CloseReason reason, String detail) {
        if (!closing) {
            node.log()
                    .warn(
                            "a client broke the protocol",
                            reason + ", user " + visitor.user() + ", room "
                                    + visitor.room().value() + ": " + detail);
            close(reason, detail);
        }
    }

    /**
     * Leaves the room, drops what comes from the client from now on, and closes when the reason's time has come. Only the first call counts.
     *
     * @param detail for the close frame, beside the reason's own text
     */
    void close(CloseReason reason, String detail) {
        close(
                reason,
                detail,
                switch (reason.timing()) {
                    case AT_ONCE -> 0;
                    case SPREAD -> {
                        long spread = node.times().closeSpread().toMillis();
                        yield spread == 0 ? 0 : ThreadLocalRandom.current().nextLong(spread);
                    }
                    case DELAYED -> node.times().closeDelay().toMillis();
                });
    }

    /** As {@link #close}, by one who has waited for the time already. */
    void closeNow(CloseReason reason, String detail) {
        close(reason, detail, 0);
    }

    private void close(CloseReason reason, String detail, long delay) {
        if (closing) {
            return;
        }
        closing = true;
        if (!opened) {
            // Its upgrade will be refused instead.
            return;
        }
        node.metrics().closed(reason);
        reading.pause(PauseReason.CLOSING);
        inbox.discard();
        outbox.close();
        conversation.known(null);
        // Those who will be back in a moment are not said to have left: everyone would see their cursors vanish and
        // return. And of a document that was erased nothing is to be written any more.
        room.leave(this, reason != CloseReason.SERVICE_RESTART && reason != CloseReason.ERASED);
        if (delay == 0) {
            sayGoodbye(reason, detail);
        } else {
            Sockets.later(loop(), delay, () -> sayGoodbye(reason, detail));
        }
    }

    private void sayGoodbye(CloseReason reason, String detail) {
        if (!channel.isActive()) {
            return;
        }
        Sockets.write(channel, new CloseWebSocketFrame(reason.code(), text(reason, detail)));
        // What the client still sends is read and dropped until it has answered: closing a socket with unread bytes
        // would
        // reset it, and the client might never see the close frame.
        reading.resume(PauseReason.CLOSING);
        reading.resume(PauseReason.IN_FLIGHT);
        reading.resume(PauseReason.UNCHECKED);
        Sockets.later(loop(), GOODBYE_MILLIS, () -> Sockets.close(channel));
    }

    private static String text(CloseReason reason, String detail) {
        // A close frame holds 125 bytes, two of them the code.
        String text = reason.text() + ": " + detail;
        return text.length() <= 100 && text.chars().allMatch(c -> c < 0x80) ? text : reason.text();
    }

    /** The peer's close frame. What it sent before is still taken. */
    void peerCloses(CloseWebSocketFrame frame) {
        outbox.close();
        room.leave(this, true);
        if (closing) {
            frame.release();
            Sockets.close(channel);
        } else {
            channel.writeAndFlush(frame).addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** The socket is gone. */
    void gone() {
        node.connections().remove(this);
        if (heartbeat != null) {
            heartbeat.remove(beat);
        }
        outbox.close();
        room.leave(this, true);
    }
}
