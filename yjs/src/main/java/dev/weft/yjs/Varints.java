package dev.weft.yjs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * lib0's varUint, up to eight bytes of it at once: the bytes that begin at a position, as one word, low byte first. The lowest byte
 * without the bit 0x80 ends an integer, so its place in the word tells the length without a loop whose branches a processor cannot foresee;
 * that is worth a third of the time of a scan, and ids, which are two integers, mostly fit into one word.
 */
final class Varints {
    /** The bits of an integer that a word has room for. */
    static final int BITS_OF_WORD = 56;

    static final long HIGH_BITS = 0x8080808080808080L;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Varints() {}

    /** The eight bytes from {@code at} on, all of which must be in the array. */
    static long word(byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at);
    }

    /** The bit 0x80 of each byte that ends an integer; 0 if none does. */
    static long ends(long word) {
        return ~word & HIGH_BITS;
    }

    /** {@code ends} without the first of them. */
    static long afterFirst(long ends) {
        return ends & (ends - 1);
    }

    /** How many bits of the word the bytes up to the first end take, which must exist. A multiple of eight. */
    static int bitsToFirst(long ends) {
        return Long.numberOfTrailingZeros(ends) + 1;
    }

    /** The integer in the first {@code bits} bits of a word, 8 to 64: seven bits of each byte, moved together pairwise. */
    static long value(long word, int bits) {
        long sevens = ((word << (Long.SIZE - bits)) >>> (Long.SIZE - bits)) & ~HIGH_BITS;
        long pairs = (sevens & 0x007f007f007f007fL) | ((sevens & 0x7f007f007f007f00L) >>> 1);
        long fours = (pairs & 0x00003fff00003fffL) | ((pairs & 0x3fff00003fff0000L) >>> 2);
        return (fours & 0x000000000fffffffL) | ((fours & 0x0fffffff00000000L) >>> 4);
    }

    /** An integer that was read before without an error, at {@code p}. */
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

    /** The position after such an integer. */
    static int end(byte[] bytes, int p) {
        int end = p;
        while (bytes[end] < 0) {
            end++;
        }
        return end + 1;
    }

    /** Writes an integer below 2^56 to an array that has eight bytes left there. @return how many of them it takes */
    static int write(byte[] bytes, int at, long value) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros(value | 1);
        int size = (9 * bits + 64) >>> 6; // A seventh, rounded up, without a division.
        long fours = (value & 0x000000000fffffffL) | ((value & 0x00fffffff0000000L) << 4);
        long pairs = (fours & 0x00003fff00003fffL) | ((fours & 0x0fffc0000fffc000L) << 2);
        long sevens = (pairs & 0x007f007f007f007fL) | ((pairs & 0x3f803f803f803f80L) << 1);
        long more = HIGH_BITS & ((1L << ((size - 1) << 3)) - 1);
        LONGS.set(bytes, at, sevens | more);
        return size;
    }
}
