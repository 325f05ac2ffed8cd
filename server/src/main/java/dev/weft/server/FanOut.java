package dev.weft.server;

import dev.weft.yjs.Contents;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Those of a room's connections that live on one event loop. The room's home calls the methods, each becomes one task of this loop, and
 * tasks keep their order: what a connection is sent before it goes live and what it is sent after that meet without a gap. The set itself is
 * confined to this loop.
 */
final class FanOut {
    private final EventLoop loop;
    private final AtomicLong inTransit;
    private final Set<Connection> live = new LinkedHashSet<>();

    /** Kept by the room's home: how many of its members are on this loop. */
    int members;

    /** @param inTransit the room's bytes on the way from Redis to sockets */
    FanOut(EventLoop loop, AtomicLong inTransit) {
        this.loop = loop;
        this.inTransit = inTransit;
    }

    EventLoop loop() {
        return loop;
    }

    /**
     * @param frame released here
     * @param share how many of its bytes are counted here as being in transit
     */
    void broadcast(ByteBuf frame, int share) {
        inTransit.addAndGet(share);
        execute(
                () -> {
                    inTransit.addAndGet(-share);
                    for (Connection connection : live) {
                        connection.send(frame.retainedDuplicate());
                    }
                    frame.release();
                },
                List.of(frame));
    }

    /** @param frame released here */
    void send(Connection connection, ByteBuf frame) {
        execute(() -> connection.send(frame), List.of(frame));
    }

    /**
     * Answers a join; from then on the connection gets what is broadcast.
     *
     * @param frames released here
     * @param known see {@link Connection#answer}
     */
    void goLive(Connection connection, List<ByteBuf> frames, @Nullable Contents known) {
        execute(
                () -> {
                    live.add(connection);
                    connection.answer(frames, known);
                },
                frames);
    }

    void remove(Connection connection) {
        execute(() -> live.remove(connection), List.of());
    }

    void close(Connection connection, CloseReason reason, String detail) {
        execute(() -> connection.close(reason, detail), List.of());
    }

    private void execute(Runnable task, List<ByteBuf> frames) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // The server has stopped.
            frames.forEach(ByteBuf::release);
        }
    }
}
