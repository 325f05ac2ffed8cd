package dev.weft.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;

/**
 * Makes whole WebSocket frames (RFC 6455, section 5.2) of messages: final, binary, not masked. A frame made once goes to any number of
 * connections, past the pipeline's encoder; several of them may stand in one buffer, one behind the other.
 *
 * <pre>
 *   0x82 | length &lt; 126                   | payload
 *   0x82 | 126, length as 2 bytes          | payload
 *   0x82 | 127, length as 8 bytes          | payload
 * </pre>
 */
final class Frames {
    private static final int FINAL_BINARY = 0x82;
    /** The first reserved bit (RFC 7692, section 6). */
    private static final int DEFLATED = 0x40;

    private static final int LENGTH_IN_2_BYTES = 126;
    private static final int LENGTH_IN_8_BYTES = 127;
    private static final int MAX_HEADER = 10;

    private Frames() {}

    /** A new direct buffer, because a heap buffer would be copied again for each socket. The caller owns it. */
    static ByteBuf binary(ByteBufAllocator allocator, byte[] payload) {
        ByteBuf frame = allocator.directBuffer(MAX_HEADER + payload.length);
        write(frame, payload, false);
        return frame;
    }

    /** One frame for each message, in a new direct buffer that the caller owns. */
    static ByteBuf binary(ByteBufAllocator allocator, List<byte[]> payloads) {
        long size = 0;
        for (byte[] payload : payloads) {
            size += MAX_HEADER + payload.length;
        }
        ByteBuf frames = allocator.directBuffer(Math.toIntExact(size));
        for (byte[] payload : payloads) {
            write(frames, payload, false);
        }
        return frames;
    }

    /**
     * Adds the payload of every frame to a list, in their order.
     *
     * @param frames as this class makes them; not changed
     */
    static void payloads(ByteBuf frames, List<byte[]> payloads) {
        int at = frames.readerIndex();
        while (at < frames.writerIndex()) {
            byte[] payload = new byte[payloadLength(frames, at)];
            at += headerLength(frames, at);
            frames.getBytes(at, payload);
            payloads.add(payload);
            at += payload.length;
        }
    }

    /** How many frames there are. */
    static int count(ByteBuf frames) {
        int count = 0;
        int at = frames.readerIndex();
        while (at < frames.writerIndex()) {
            at += headerLength(frames, at) + payloadLength(frames, at);
            count++;
        }
        return count;
    }

    private static int headerLength(ByteBuf frames, int at) {
        return switch (frames.getByte(at + 1)) {
            case LENGTH_IN_2_BYTES -> 4;
            case LENGTH_IN_8_BYTES -> MAX_HEADER;
            default -> 2;
        };
    }

    private static int payloadLength(ByteBuf frames, int at) {
        int length = frames.getByte(at + 1);
        return switch (length) {
            case LENGTH_IN_2_BYTES -> frames.getUnsignedShort(at + 2);
            case LENGTH_IN_8_BYTES -> Math.toIntExact(frames.getLong(at + 2));
            default -> length;
        };
    }

    /**
     * Adds a frame.
     *
     * @param deflated whether the payload is compressed as permessage-deflate says
     */
    static void write(ByteBuf frame, byte[] payload, boolean deflated) {
        frame.writeByte(deflated ? FINAL_BINARY | DEFLATED : FINAL_BINARY);
        if (payload.length < LENGTH_IN_2_BYTES) {
            frame.writeByte(payload.length);
        } else if (payload.length <= 0xffff) {
            frame.writeByte(LENGTH_IN_2_BYTES).writeShort(payload.length);
        } else {
            frame.writeByte(LENGTH_IN_8_BYTES).writeLong(payload.length);
        }
        frame.writeBytes(payload);
    }
}
