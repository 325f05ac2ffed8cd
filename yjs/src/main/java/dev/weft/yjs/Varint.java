package dev.weft.yjs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Integers of up to 53 bits in lib0's encoding that were read before without an error, by position. Where eight bytes can be
 * loaded at once there is no loop and no branch to mispredict: ids take five bytes and three, lengths one.
 */
final class Varint {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long CONTINUES = 0x8080808080808080L;

    private Varint() {}

    /** The integer at {@code p}. */
    static long read(byte[] bytes, int p) {
        byte first = bytes[p];
        if (first >= 0) {
            return first;
        }
        long value = first & 0x7f;
        int shift = 7;
        int at = p + 1;
        for (; bytes[at] < 0; at++) {
            value |= (long) (bytes[at] & 0x7f) << shift;
            shift += 7;
        }
        return value | (long) bytes[at] << shift;
    }

    /** The position after the integer at {@code p}. */
    static int end(byte[] bytes, int p) {
        int end = p;
        while (bytes[end] < 0) {
            end++;
        }
        return end + 1;
    }

    /** The eight bytes from {@code p} on, the first of them lowest. */
    static long word(byte[] bytes, int p) {
        return (long) LONGS.get(bytes, p);
    }

    /** How many bytes the integer takes that begins a word; more than eight if it does not end in it. */
    static int length(long word) {
        return (Long.numberOfTrailingZeros(~word & CONTINUES) >>> 3) + 1;
    }

    /** The integer of {@code length} bytes that begins a word. */
    static long value(long word, int length) {
        long sevens = word & (-1L >>> (Long.SIZE - 8 * length)) & ~CONTINUES;
        long fourteens = (sevens & 0x007f007f007f007fL) | ((sevens & 0x7f007f007f007f00L) >>> 1);
        long twentyEights = (fourteens & 0x00003fff00003fffL) | ((fourteens & 0x3fff00003fff0000L) >>> 2);
        return (twentyEights & 0x000000000fffffffL) | ((twentyEights & 0x0fffffff00000000L) >>> 4);
    }
}
