package dev.weft.server;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Whole WebSocket frames that go to many connections: whoever holds it retains and releases both buffers together.
 *
 * @param plain as everybody understands them
 * @param deflated the same, partly compressed, for those who understand that; null if nothing is gained
 * @param messages how many there are in either
 */
record Shared(ByteBuf plain, @Nullable ByteBuf deflated, int messages) {
    /** A view with a reader index of its own, for another thread. */
    Shared retained() {
        return new Shared(plain.retainedDuplicate(), deflated == null ? null : deflated.retainedDuplicate(), messages);
    }

    void release() {
        plain.release();
        if (deflated != null) {
            deflated.release();
        }
    }

    /** For a connection that understands compressed frames, or not. Not to be changed; to be retained by who keeps it. */
    ByteBuf frames(boolean compressed) {
        return compressed && deflated != null ? deflated : plain;
    }
}
