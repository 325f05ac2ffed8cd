package dev.weft.server;

import dev.weft.yjs.UpdatePlan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
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

    /** What a message that carries an update begins with; then comes its length as a varUint. */
    private static final int SYNC = 0;

    private static final int SYNC_STEP_2 = 1;
    private static final int UPDATE = 2;

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
        header(frame, payload.length, deflated);
        frame.writeBytes(payload);
    }

    private static void header(ByteBuf frame, long length, boolean deflated) {
        frame.writeByte(deflated ? FINAL_BINARY | DEFLATED : FINAL_BINARY);
        if (length < LENGTH_IN_2_BYTES) {
            frame.writeByte((int) length);
        } else if (length <= 0xffff) {
            frame.writeByte(LENGTH_IN_2_BYTES).writeShort((int) length);
        } else {
            frame.writeByte(LENGTH_IN_8_BYTES).writeLong(length);
        }
    }

    /** A message with an update, which is copied from where its parts lie into a new direct buffer. The caller owns it. */
    static ByteBuf update(ByteBufAllocator allocator, UpdatePlan update) {
        return update(allocator, UPDATE, update);
    }

    /** The same as a sync step 2. */
    static ByteBuf step2(ByteBufAllocator allocator, UpdatePlan update) {
        return update(allocator, SYNC_STEP_2, update);
    }

    private static ByteBuf update(ByteBufAllocator allocator, int type, UpdatePlan update) {
        int length = Math.toIntExact(update.size());
        int lengthBytes = Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 6) / 7);
        ByteBuf frame = allocator.directBuffer(MAX_HEADER + 2 + lengthBytes + length);
        header(frame, 2L + lengthBytes + length, false);
        frame.writeByte(SYNC).writeByte(type);
        int rest = length;
        while (rest > 0x7f) {
            frame.writeByte(0x80 | (rest & 0x7f));
            rest >>>= 7;
        }
        frame.writeByte(rest);
        for (ByteBuffer part : update.buffers()) {
            frame.writeBytes(part);
        }
        return frame;
    }
}
