package dev.weft.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/**
 * Reads lib0's encoding where it lies, without taking the bytes out. One is used again and again; it is valid while the buffer is, and confined
 * to one thread.
 */
final class Cursor {
    private static final int LONGEST_VARINT_SHIFT = 49;

    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private int at;
    private int end;

    /** Starts over at other bytes. */
    Cursor over(ByteBuf bytes, int from, int to) {
        buffer = bytes;
        at = from;
        end = to;
        return this;
    }

    ByteBuf buffer() {
        return buffer;
    }

    int at() {
        return at;
    }

    int remaining() {
        return end - at;
    }

    int uint8() {
        require(1);
        return buffer.getByte(at++) & 0xff;
    }

    /** At most 53 bits. */
    long varUint() {
        long value = 0;
        for (int shift = 0; shift <= LONGEST_VARINT_SHIFT; shift += 7) {
            int b = uint8();
            value |= (b & 0x7fL) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw new LoadException("the server sent an integer of more than 53 bits");
    }

    void skip(long bytes) {
        if (bytes < 0 || bytes > remaining()) {
            throw tooShort();
        }
        at += (int) bytes;
    }

    /** Whether exactly these bytes are left, or are next if {@code length} of them are looked at. */
    boolean matches(byte[] expected, int length) {
        if (expected.length != length || length > remaining()) {
            return false;
        }
        // Words at a time; a view of the array would be an object for each message.
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            if (buffer.getLong(at + i) != Words.at(expected, i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (buffer.getByte(at + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    /** The next bytes, as an array of their own. */
    byte[] copy(int length) {
        require(length);
        byte[] bytes = ByteBufUtil.getBytes(buffer, at, length);
        at += length;
        return bytes;
    }

    private void require(int bytes) {
        if (bytes > remaining()) {
            throw tooShort();
        }
    }

    private static LoadException tooShort() {
        return new LoadException("the server sent a message that ends too early");
    }

    /** Big-endian longs of an array. */
    private static final class Words {
        private static final java.lang.invoke.VarHandle LONG =
                java.lang.invoke.MethodHandles.byteArrayViewVarHandle(long[].class, java.nio.ByteOrder.BIG_ENDIAN);

        static long at(byte[] bytes, int index) {
            return (long) LONG.get(bytes, index);
        }
    }
}
