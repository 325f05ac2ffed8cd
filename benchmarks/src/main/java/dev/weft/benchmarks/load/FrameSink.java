package dev.weft.benchmarks.load;

import io.netty.buffer.ByteBuf;

/** Takes what a server sends. Called on the connection's event loop; buffers are lent for the call. */
interface FrameSink {
    /** A whole binary message. */
    void message(ByteBuf bytes, int from, int length);

    /**
     * Some of a message that is too long to be held together. The first part has {@link FrameReader#FIRST_PART} bytes at least.
     *
     * @param first whether the message begins here
     * @param last whether it ends here
     */
    void part(ByteBuf bytes, int from, int length, boolean first, boolean last);

    /** A ping, to be answered with the same payload. */
    void ping(byte[] payload);

    /** The server's close frame. */
    void closing(int code, String reason);
}
