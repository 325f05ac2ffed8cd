package dev.weft.server;

import dev.weft.yjs.Contents;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Those of a room's connections that live on one event loop. The room's home calls the methods, each becomes one task of this loop (or is
 * done at once, if that is the home), and they keep their order: what a connection is sent before it goes live and what it is sent after that meet without a gap. The set itself is
 * confined to this loop.
 */
final class FanOut {
    private final EventLoop loop;
    private final Node node;
    private final AtomicLong inTransit;
    private final Runnable beforeJoin;
    private final Set<Connection> live = new LinkedHashSet<>();

    /** Kept by the room's home: how many of its members are on this loop. */
    int members;

    /**
     * @param inTransit the room's bytes on the way from Redis to sockets
     * @param beforeJoin sends what the room has gathered to those who are live
     */
    FanOut(EventLoop loop, Node node, AtomicLong inTransit, Runnable beforeJoin) {
        this.loop = loop;
        this.node = node;
        this.inTransit = inTransit;
        this.beforeJoin = beforeJoin;
    }

    EventLoop loop() {
        return loop;
    }

    /**
     * @param frames released here
     * @param share how many of its bytes are counted here as being in transit
     */
    void broadcast(Shared frames, int share) {
        inTransit.addAndGet(share);
        execute(
                () -> {
                    inTransit.addAndGet(-share);
                    for (Connection connection : live) {
                        sendShared(connection, frames);
                    }
                    frames.release();
                },
                frames::release);
    }

    /** A fault in one connection is not the others'. */
    private void sendShared(Connection connection, Shared frames) {
        try {
            connection.send(frames);
        } catch (RuntimeException | OutOfMemoryError e) {
            node.log().warn("a connection could not be sent a message", String.valueOf(e));
            connection.close(CloseReason.INTERNAL_ERROR, "see the server's log");
        }
    }

    /** @param frame released here */
    void send(Connection connection, ByteBuf frame) {
        execute(() -> connection.send(frame), frame::release);
    }

    /**
     * Answers a join; from then on the connection gets what is broadcast.
     *
     * @param answer owned by the connection from here on
     * @param known see {@link Connection#answer}
     */
    void goLive(Connection connection, Answer answer, @Nullable Contents known) {
        // It is in the answer; so who gets that must not get it again.
        beforeJoin.run();
        execute(
                () -> {
                    live.add(connection);
                    connection.answer(answer, known);
                },
                answer::close);
    }

    void remove(Connection connection) {
        execute(() -> live.remove(connection), () -> {});
    }

    void close(Connection connection, CloseReason reason, String detail) {
        execute(() -> connection.close(reason, detail), () -> {});
    }

    private void execute(Runnable task, Runnable orElse) {
        if (loop.inEventLoop()) {
            // The room's home is this loop: what was to be done before has been done.
            task.run();
            return;
        }
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // The server has stopped.
            orElse.run();
        }
    }
}
