package dev.weft.yjs;

/**
 * A cursor over a range of bytes in lib0's encoding: the one place where raw bytes become numbers and lengths.
 *
 * <p>It never reads outside its range, and it compares every length and count with the bytes that remain before anyone
 * can allocate by it. Grammar (lib0 {@code decoding.js}):
 *
 * <pre>
 *   varUint  7 bits a byte, low bits first, 0x80 = more follow; up to 2^53 - 1
 *   varInt   the same, but the first byte holds 6 bits, and 0x40 the sign
 *   string   varUint byte length, UTF-8
 *   buffer   varUint byte length, bytes
 * </pre>
 *
 * Integers longer than needed are accepted up to ten bytes, as lib0 reads them without loss. Not thread-safe.
 */
final class Input {
    /** The largest integer that a JavaScript client reads exactly. */
    static final long MAX_INTEGER = (1L << 53) - 1;

    /** Ten bytes: what a 64-bit integer needs, and far from where lib0's multiplier loses its exactness. */
    private static final int MAX_SHIFT = 63;

    private static final int BITS = 53;

    /** From here on the seven bits of a byte may reach beyond {@link #BITS}. */
    private static final int LAST_SAFE_SHIFT = BITS - 7;

    /** The bits of a {@linkplain DiffRuns difference of clocks}, doubled. */
    private static final int BITS_OF_DIFFERENCE = BITS + 1;

    private final boolean checksText;
    private byte[] bytes;
    private int end;
    private int position;

    private Input(byte[] bytes, int from, int to, boolean checksText) {
        this.bytes = bytes;
        this.position = from;
        this.end = to;
        this.checksText = checksText;
    }

    /** Over bytes from anywhere: strings are checked for UTF-8 and JSON for its syntax. The array is not copied. */
    static Input checking(byte[] bytes, int from, int to) {
        return new Input(bytes, from, to, true);
    }

    /** Over bytes that were checked when they came in: strings are only measured. The array is not copied. */
    static Input trusting(byte[] bytes, int from, int to) {
        return new Input(bytes, from, to, false);
    }

    static Input trusting(byte[] bytes) {
        return new Input(bytes, 0, bytes.length, false);
    }

    /** Starts over with other bytes: of thousands of small updates each would else have an input of its own. */
    void restart(byte[] others) {
        bytes = others;
        position = 0;
        end = others.length;
    }

    /** Over a part of the same array, checked or trusted as this one is. */
    Input within(int from, int to) {
        return new Input(bytes, from, to, checksText);
    }

    byte[] bytes() {
        return bytes;
    }

    boolean checksText() {
        return checksText;
    }

    int position() {
        return position;
    }

    /** Where the range ends. */
    int end() {
        return end;
    }

    /** Goes back to an earlier position. */
    void rewind(int earlier) {
        position = earlier;
    }

    /** Goes on to a position that the caller has found by itself, inside the range. */
    void moveTo(int later) {
        position = later;
    }

    int remaining() {
        return end - position;
    }

    boolean hasMore() {
        return position < end;
    }

    /** One byte, unsigned. */
    int uint8() {
        if (position >= end) {
            throw truncated();
        }
        return bytes[position++] & 0xff;
    }

    long varUint() {
        int p = position;
        if (p < end) {
            byte first = bytes[p];
            if (first >= 0) {
                position = p + 1;
                return first;
            }
            if (end - p >= Long.BYTES) {
                long word = Varints.word(bytes, p);
                long ends = Varints.ends(word);
                // Seven bytes hold 49 bits; what is longer is checked bit by bit.
                if (Varints.afterFirst(ends) != 0) {
                    int bits = Varints.bitsToFirst(ends);
                    position = p + (bits >>> 3);
                    return Varints.value(word, bits);
                }
            }
        }
        return moreOfVarUint(0, 0, BITS);
    }

    /** Skips a varInt; its value matters to nobody who copies bytes. */
    void skipVarInt() {
        int first = uint8();
        if ((first & 0x80) != 0) {
            moreOfVarUint(first & 0x3f, 6, BITS);
        }
    }

    /** A varInt as {@code 2 × magnitude + sign}, because lib0 gives the sign of zero a meaning of its own. */
    long signedVarInt() {
        return signedVarInt(BITS);
    }

    /** {@link #signedVarInt} with one bit more, which lib0 reads exactly when the lowest one is 0. */
    long signedDifference() {
        return signedVarInt(BITS_OF_DIFFERENCE);
    }

    private long signedVarInt(int bits) {
        int p = position;
        if (end - p >= Long.BYTES) {
            long word = Varints.word(bytes, p);
            long ends = Varints.ends(word);
            if (Varints.afterFirst(ends) != 0) {
                int wordBits = Varints.bitsToFirst(ends);
                position = p + (wordBits >>> 3);
                long value = Varints.value(word, wordBits);
                return ((value >>> 7) << 7) | ((value & 0x3f) << 1) | ((value >> 6) & 1);
            }
        }
        int first = uint8();
        long magnitude = first & 0x3f;
        if ((first & 0x80) != 0) {
            magnitude = moreOfVarUint(magnitude, 6, bits);
        }
        return (magnitude << 1) | ((first >> 6) & 1);
    }

    private long moreOfVarUint(long low, int firstShift, int maxBits) {
        long value = low;
        int p = position;
        for (int shift = firstShift; p < end; shift += 7) {
            byte b = bytes[p++];
            long bits = b & 0x7f;
            if (shift > LAST_SAFE_SHIFT && exceeds(shift, bits, maxBits)) {
                throw new MalformedException(position, "an integer of at most 53 bits was expected");
            }
            value |= bits << shift;
            if (b >= 0) {
                position = p;
                return value;
            }
        }
        throw truncated();
    }

    private static boolean exceeds(int shift, long bits, int maxBits) {
        if (shift > MAX_SHIFT) {
            return true;
        }
        return shift < maxBits ? bits >> (maxBits - shift) != 0 : bits != 0;
    }

    /** A varUint that is an amount of things of at least {@code bytesEach} bytes, all of which must still fit. */
    int count(int bytesEach, String things) {
        int at = position;
        long count = varUint();
        if (count > remaining() / bytesEach) {
            throw new MalformedException(at, "room for " + count + " " + things + " was expected");
        }
        return (int) count;
    }

    /** The byte length before a string or buffer, which must fit into what remains. */
    int byteLength() {
        return count(1, "bytes");
    }

    void skip(int length) {
        if (length > end - position) {
            throw truncated();
        }
        position += length;
    }

    /** Skips a string. @return its length in UTF-16 units, which is what Yjs counts clocks in */
    int string() {
        int length = byteLength();
        int from = position;
        position += length;
        return checksText ? Utf8.check(bytes, from, position) : Utf8.utf16Length(bytes, from, position);
    }

    /** Skips a string whose length does not matter. */
    void skipString() {
        int length = byteLength();
        int from = position;
        position += length;
        if (checksText) {
            Utf8.check(bytes, from, position);
        }
    }

    /** Skips a string from a position that the caller keeps by itself. @return the position after it */
    int skipString(int from) {
        if (from < end) {
            int length = bytes[from];
            int text = from + 1;
            if (length >= 0 && length <= end - text) {
                if (checksText) {
                    Utf8.check(bytes, text, text + length);
                }
                return text + length;
            }
        }
        position = from;
        skipString();
        return position;
    }

    /** Skips a string that clients will hand to {@code JSON.parse}. */
    void skipJson() {
        int length = byteLength();
        int from = position;
        position += length;
        if (checksText) {
            Utf8.check(bytes, from, position);
            JsonSyntax.check(bytes, from, position);
        }
    }

    void skipBuffer() {
        int length = byteLength();
        position += length;
    }

    /** Demands that everything was read. */
    void expectEnd() {
        if (position != end) {
            throw new MalformedException(position, "no further byte was expected");
        }
    }

    private MalformedException truncated() {
        return new MalformedException(end, "more bytes were expected");
    }
}
