package dev.weft.server;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Frames of an answer to a sync step 1, taken one by one as the socket takes them. Confined to the connection's loop. */
interface Answer {
    /** The next whole WebSocket frame, owned by the caller; null when there is none left. */
    @Nullable
    ByteBuf next();

    /** No more will be taken: releases what is left. Idempotent. Called after the last frame, too. */
    void close();

    /**
     * An answer of frames that exist already.
     *
     * @param frames owned by the answer from here on
     */
    static Answer of(Collection<ByteBuf> frames) {
        Queue<ByteBuf> left = new ArrayDeque<>(frames);
        return new Answer() {
            @Override
            public @Nullable ByteBuf next() {
                return left.poll();
            }

            @Override
            public void close() {
                left.forEach(ByteBuf::release);
                left.clear();
            }
        };
    }
}
