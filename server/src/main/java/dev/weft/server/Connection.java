package dev.weft.server;

import dev.weft.yjs.Contents;
import dev.weft.yjs.Message;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One client's WebSocket, in one room. Everything here is confined to the channel's event loop, but for what is final. */
final class Connection {
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

    private boolean opened;
    private boolean closing;
    private long lastSent;
    private long lastHeard;
    private long knownSince;
    /** Join answers that are not written yet; they do not count as backlog. */
    private long answerBytes;

    Connection(Node node, Channel channel, Visitor visitor, Reading reading, Room room) {
        this.node = node;
        this.channel = channel;
        this.visitor = visitor;
        this.reading = reading;
        this.room = room;
        this.conversation = new Conversation(this, room, node);
        this.inbox = new Inbox(this, conversation, node);
        this.lastSent = node.clock().nanoTime();
        this.lastHeard = lastSent;
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
    void opened() {
        opened = true;
        lastSent = node.clock().nanoTime();
        lastHeard = lastSent;
        node.connections().add(this);
    }

    boolean isClosing() {
        return closing;
    }

    /** @param message owned by this connection from here on */
    void receive(byte[] message) {
        node.metrics().messageReceived();
        inbox.receive(message);
    }

    /** Something came from the peer, no matter what. */
    void heard() {
        lastHeard = node.clock().nanoTime();
    }

    void send(Message message) {
        send(Frames.binary(channel.alloc(), message.encode()));
    }

    /** @param frame a whole WebSocket frame, released here */
    void send(ByteBuf frame) {
        if (closing || !channel.isActive()) {
            frame.release();
            return;
        }
        int size = frame.readableBytes();
        // Before this one is added: a message that is larger than the limit alone has to pass too.
        if (backlog() > node.limits().backlogBytes()) {
            frame.release();
            close(CloseReason.TOO_SLOW, "more than MAX_BACKLOG_BYTES are waiting to be sent");
            return;
        }
        lastSent = node.clock().nanoTime();
        node.metrics().messageSent(size);
        Sockets.write(channel, frame);
    }

    /**
     * Sends the answer to a sync step 1, however large it is.
     *
     * @param frames whole WebSocket frames, released here
     * @param known what the document holds that they were made of; null if the client will not be asked for what it has
     */
    void answer(List<ByteBuf> frames, @Nullable Contents known) {
        if (known != null) {
            conversation.known(known);
            knownSince = node.clock().nanoTime();
        }
        for (ByteBuf frame : frames) {
            if (closing || !channel.isActive()) {
                frame.release();
                continue;
            }
            int size = frame.readableBytes();
            answerBytes += size;
            lastSent = node.clock().nanoTime();
            node.metrics().messageSent(size);
            channel.writeAndFlush(frame).addListener(written -> answerBytes -= size);
        }
    }

    private long backlog() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes() - answerBytes;
    }

    /** Called now and then by the event loop's {@link Heartbeat}. */
    void beat(long now) {
        if (closing) {
            return;
        }
        if (conversation.known() != null && now - knownSince > KNOWN_NANOS) {
            conversation.known(null);
        }
        if (now - lastSent >= node.times().keepAlive().toNanos()) {
            send(Frames.binary(channel.alloc(), EMPTY_AWARENESS));
        }
        long timeout = node.times().peerTimeout().toNanos();
        if (reading.isPaused()) {
            lastHeard = now;
        } else if (now - lastHeard >= timeout) {
            close(CloseReason.SILENT, "nothing came for PEER_TIMEOUT");
        } else if (now - lastHeard >= timeout / 2) {
            Sockets.write(channel, new PingWebSocketFrame());
        }
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
        conversation.known(null);
        // Those who will be back in a moment are not said to have left: everyone would see their cursors vanish and
        // return. And of a document that was erased nothing is to be written any more.
        room.leave(this, reason != CloseReason.SERVICE_RESTART && reason != CloseReason.ERASED);
        long delay = switch (reason.timing()) {
            case AT_ONCE -> 0;
            case SPREAD -> {
                long spread = node.times().closeSpread().toMillis();
                yield spread == 0 ? 0 : ThreadLocalRandom.current().nextLong(spread);
            }
            case DELAYED -> node.times().closeDelay().toMillis();
        };
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
        room.leave(this, true);
    }
}
