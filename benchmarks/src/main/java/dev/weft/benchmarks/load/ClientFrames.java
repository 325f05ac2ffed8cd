package dev.weft.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.ThreadLocalRandom;

/** The frames of a client, masked as RFC 6455 wants them. */
final class ClientFrames {
    private static final int BINARY = 0x82;
    private static final int CLOSE = 0x88;
    private static final int PONG = 0x8a;
    private static final int MASKED = 0x80;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final int LONGEST_HEADER = 14;
    private static final int NORMAL_CLOSURE = 1000;

    private ClientFrames() {}

    /** A message: {@code prefix} and {@code payload} one after the other. */
    static ByteBuf binary(ByteBufAllocator allocator, byte[] prefix, byte[] payload) {
        return frame(allocator, BINARY, prefix, payload);
    }

    static ByteBuf pong(ByteBufAllocator allocator, byte[] payload) {
        return frame(allocator, PONG, new byte[0], payload);
    }

    static ByteBuf close(ByteBufAllocator allocator) {
        return frame(allocator, CLOSE, new byte[0], new byte[] {NORMAL_CLOSURE >>> 8, (byte) NORMAL_CLOSURE});
    }

    private static ByteBuf frame(ByteBufAllocator allocator, int head, byte[] prefix, byte[] payload) {
        int length = prefix.length + payload.length;
        ByteBuf out = allocator.directBuffer(LONGEST_HEADER + length);
        out.writeByte(head);
        if (length < LENGTH_16) {
            out.writeByte(MASKED | length);
        } else if (length <= 0xffff) {
            out.writeByte(MASKED | LENGTH_16).writeShort(length);
        } else {
            out.writeByte(MASKED | LENGTH_64).writeLong(length);
        }
        int mask = ThreadLocalRandom.current().nextInt();
        out.writeInt(mask);
        int from = out.writerIndex();
        out.writeBytes(prefix).writeBytes(payload);
        int i = from;
        for (; i + Integer.BYTES <= from + length; i += Integer.BYTES) {
            out.setInt(i, out.getInt(i) ^ mask);
        }
        for (; i < from + length; i++) {
            out.setByte(i, out.getByte(i) ^ (mask >>> (24 - 8 * ((i - from) & 3))));
        }
        return out;
    }
}
