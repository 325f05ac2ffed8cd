package dev.weft.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Makes whole WebSocket frames (RFC 6455, section 5.2) of messages: final, binary, not masked. A frame made once goes to any number of
 * connections, past the pipeline's encoder.
 *
 * <pre>
 *   0x82 | length &lt; 126                   | payload
 *   0x82 | 126, length as 2 bytes          | payload
 *   0x82 | 127, length as 8 bytes          | payload
 * </pre>
 */
final class Frames {
    private static final int FINAL_BINARY = 0x82;
    private static final int LENGTH_IN_2_BYTES = 126;
    private static final int LENGTH_IN_8_BYTES = 127;
    private static final int MAX_HEADER = 10;

    private Frames() {}

    /** A new direct buffer, because a heap buffer would be copied again for each socket. The caller owns it. */
    static ByteBuf binary(ByteBufAllocator allocator, byte[] payload) {
        ByteBuf frame = allocator.directBuffer(MAX_HEADER + payload.length);
        frame.writeByte(FINAL_BINARY);
        if (payload.length < LENGTH_IN_2_BYTES) {
            frame.writeByte(payload.length);
        } else if (payload.length <= 0xffff) {
            frame.writeByte(LENGTH_IN_2_BYTES).writeShort(payload.length);
        } else {
            frame.writeByte(LENGTH_IN_8_BYTES).writeLong(payload.length);
        }
        return frame.writeBytes(payload);
    }
}
