package dev.weft.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;

/**
 * Makes whole WebSocket frames of messages, those compressed that gain by it (RFC 7692, section 7.2.1), each by itself, so that the frames
 * can go to any number of connections.
 */
final class Deflation {
    /** Shorter messages are not compressed: they fit into a packet, and there is little to be found in them. */
    static final int MIN_BYTES = 1 << 10;

    /** Longer ones are not compressed either, since it is done on an event loop, where this much takes a millisecond. */
    static final int MAX_BYTES = 64 << 10;

    /** The end of an empty block, which the receiver adds again. */
    private static final int TAIL = 4;

    private Deflation() {}

    /** Whether one of the messages is worth it. */
    static boolean pays(List<byte[]> messages) {
        return messages.stream().anyMatch(Deflation::pays);
    }

    private static boolean pays(byte[] message) {
        return message.length >= MIN_BYTES && message.length <= MAX_BYTES;
    }

    /** A new direct buffer that the caller owns. */
    static ByteBuf frames(ByteBufAllocator allocator, List<byte[]> messages) {
        ByteBuf frames = allocator.directBuffer();
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        try {
            for (byte[] message : messages) {
                byte[] deflated = pays(message) ? deflate(deflater, message) : message;
                Frames.write(frames, deflated, deflated.length < message.length);
            }
        } finally {
            deflater.end();
        }
        return frames;
    }

    /** The message itself if it does not get shorter. */
    private static byte[] deflate(Deflater deflater, byte[] message) {
        deflater.reset();
        deflater.setInput(message);
        byte[] out = new byte[message.length];
        int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        return length < out.length ? Arrays.copyOf(out, length - TAIL) : message;
    }
}
