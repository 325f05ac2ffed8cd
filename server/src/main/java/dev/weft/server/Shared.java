package dev.weft.server;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Whole WebSocket frames that go to many connections: whoever holds it retains and releases both buffers together.
 *
 * @param plain as everybody understands them
 * @param deflated the same, partly compressed, for those who understand that; null if nothing is gained
 */
record Shared(ByteBuf plain, @Nullable ByteBuf deflated) {
    /** A view with a reader index of its own, for another thread. */
    Shared retained() {
        return new Shared(plain.retainedDuplicate(), deflated == null ? null : deflated.retainedDuplicate());
    }

    void release() {
        plain.release();
        if (deflated != null) {
            deflated.release();
        }
    }

    /** For one connection, which owns what it gets. */
    ByteBuf frames(boolean compressed) {
        return (compressed && deflated != null ? deflated : plain).retainedDuplicate();
    }
}
