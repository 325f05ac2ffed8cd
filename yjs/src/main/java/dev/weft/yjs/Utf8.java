package dev.weft.yjs;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** UTF-8 as Yjs sees it: text that must decode without error, measured in UTF-16 units. */
final class Utf8 {
    private static final long LOW_BITS = 0x0101010101010101L;

    /** U+FFFD: what Yjs leaves of a surrogate pair that was cut in two. Not to be changed. */
    static final byte[] REPLACEMENT = {(byte) 0xef, (byte) 0xbf, (byte) 0xbd};

    /** What a surrogate pair takes in UTF-8. */
    static final int BYTES_OF_PAIR = 4;

    private Utf8() {}

    /** The UTF-8 of text; a surrogate without its other half becomes U+FFFD, as in JavaScript's encoder. */
    static byte[] encode(String text) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .replaceWith(REPLACEMENT)
                    .encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * The number of UTF-16 units of text that is known to be UTF-8: its bytes, less the continuation bytes (10xxxxxx),
     * plus one for each lead of four bytes (1111xxxx), which becomes a surrogate pair. Eight bytes at a time.
     */
    static int utf16Length(byte[] bytes, int from, int to) {
        int units = to - from;
        int p = from;
        for (; to - p >= Long.BYTES; p += Long.BYTES) {
            units += surplus(Varints.word(bytes, p));
        }
        if (bytes.length - p >= Long.BYTES) {
            return units + surplus(firstBytes(Varints.word(bytes, p), to - p));
        }
        for (; p < to; p++) {
            int b = bytes[p] & 0xff;
            if ((b & 0xc0) == 0x80) {
                units--;
            } else if (b >= 0xf0) {
                units++;
            }
        }
        return units;
    }

    /** How many more UTF-16 units than bytes a word of text has; mostly negative, 0 where all is ASCII. */
    private static int surplus(long word) {
        if ((word & Varints.HIGH_BITS) == 0) {
            return 0;
        }
        long continuations = (word >>> 7) & ~(word >>> 6) & LOW_BITS;
        long leadsOfFour = (word >>> 7) & (word >>> 6) & (word >>> 5) & (word >>> 4) & LOW_BITS;
        return Long.bitCount(leadsOfFour) - Long.bitCount(continuations);
    }

    /**
     * A word with all but its first {@code count} bytes, 0 to 7, made zero: what follows a text in its array has no say.
     */
    private static long firstBytes(long word, int count) {
        return word & ((1L << (count << 3)) - 1);
    }

    /**
     * Where in UTF-8 text a number of UTF-16 units ends. If that is inside a surrogate pair, the complement ({@code ~}) of
     * the index after the pair.
     */
    static int offset(byte[] bytes, int from, int to, long units) {
        long left = units;
        int p = from;
        while (left >= Long.BYTES && to - p >= Long.BYTES && (Varints.word(bytes, p) & Varints.HIGH_BITS) == 0) {
            p += Long.BYTES;
            left -= Long.BYTES;
        }
        if (left < Long.BYTES
                && to - p >= Long.BYTES
                && (firstBytes(Varints.word(bytes, p), (int) left) & Varints.HIGH_BITS) == 0) {
            return p + (int) left;
        }
        while (left > 0 && p < to) {
            int b = bytes[p] & 0xff;
            if (b < 0x80) {
                p++;
            } else if (b < 0xe0) {
                p += 2;
            } else if (b < 0xf0) {
                p += 3;
            } else {
                p += 4;
                left--;
            }
            left--;
        }
        int found = Math.min(p, to);
        return left < 0 ? ~found : found;
    }

    /**
     * Checks text as the decoders of browsers do in their fatal mode (no overlong form, no surrogate, nothing above
     * U+10FFFF), because one wrong byte makes every client fail that reads it.
     *
     * @return the length in UTF-16 units
     */
    static int check(byte[] bytes, int from, int to) {
        int p = from;
        while (to - p >= Long.BYTES && (Varints.word(bytes, p) & Varints.HIGH_BITS) == 0) {
            p += Long.BYTES;
        }
        int rest = to - p;
        if (rest < Long.BYTES
                && bytes.length - p >= Long.BYTES
                && (firstBytes(Varints.word(bytes, p), rest) & Varints.HIGH_BITS) == 0) {
            return to - from; // Short ASCII text, as most is: one look.
        }
        return p - from + checkMixed(bytes, p, to);
    }

    private static int checkMixed(byte[] bytes, int from, int to) {
        int units = 0;
        int p = from;
        while (p < to) {
            if (to - p >= Long.BYTES && (Varints.word(bytes, p) & Varints.HIGH_BITS) == 0) {
                p += Long.BYTES;
                units += Long.BYTES;
            } else if (bytes[p] >= 0) {
                p++;
                units++;
            } else {
                int length = sequence(bytes, p, to);
                p += length;
                units += length == 4 ? 2 : 1;
            }
        }
        return units;
    }

    /** The length of the multi-byte sequence at {@code p}. */
    private static int sequence(byte[] bytes, int p, int to) {
        int lead = bytes[p] & 0xff;
        int length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        if (lead < 0xc2 || lead > 0xf4 || to - p < length) {
            throw invalid(p);
        }
        int second = bytes[p + 1] & 0xff;
        int lowest = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        int highest = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        if (second < lowest || second > highest) {
            throw invalid(p);
        }
        for (int i = 2; i < length; i++) {
            if ((bytes[p + i] & 0xc0) != 0x80) {
                throw invalid(p);
            }
        }
        return length;
    }

    private static MalformedException invalid(int p) {
        return new MalformedException(p, "valid UTF-8 was expected");
    }
}
