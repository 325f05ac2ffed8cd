package dev.weft.yjs;

/**
 * A value in lib0's {@code any} encoding (lib0 {@code encoding.js}, {@code writeAny}): one byte of type, then
 *
 * <pre>
 *   127 undefined   126 null   121 false   120 true
 *   125 integer  varInt          124 float32  4 bytes   123 float64  8 bytes   122 bigint  8 bytes
 *   119 string   string          116 bytes    buffer
 *   118 object   varUint count, count × (string key, any)
 *   117 array    varUint count, count × any
 * </pre>
 */
final class Any {
    static final int UNDEFINED = 127;
    static final int NULL = 126;
    static final int INTEGER = 125;
    static final int FLOAT32 = 124;
    static final int FLOAT64 = 123;
    static final int BIGINT = 122;
    static final int FALSE = 121;
    static final int TRUE = 120;
    static final int STRING = 119;
    static final int OBJECT = 118;
    static final int ARRAY = 117;
    static final int BYTES = 116;

    /** The same bound as for JSON, and for the same reason. */
    private static final int MAX_DEPTH = JsonSyntax.MAX_DEPTH;

    private Any() {}

    /**
     * What values take that hold no others, by the low four bits of their type, a digit each: the type itself and what follows. Of a string
     * it is type and length. Types differ from value to value, and a processor cannot foresee a branch for each of them.
     */
    private static final long SIZES = 0x1115_9911_2000_0000L;

    /**
     * Passes a value that holds no others, or an object of such values, if strings and keys are short. A word must be left after the type, and
     * after each property as much as {@link CommonStructs#ROOM}.
     *
     * @return the position after it, which may be beyond {@code end}; negative if it is not of this kind, or malformed
     */
    static int passCommon(byte[] bytes, int from, int end) {
        if (bytes[from] != OBJECT) {
            return passPlain(bytes, from);
        }
        int left = bytes[from + 1];
        int p = left < 0 ? -1 : from + 2;
        for (; left > 0 && p >= 0; left--) {
            int key = end - p < CommonStructs.ROOM ? -1 : bytes[p];
            p = key < 0 ? -1 : passPlain(bytes, p + 1 + key);
        }
        return p;
    }

    private static int passPlain(byte[] bytes, int from) {
        long word = Varints.word(bytes, from);
        int type = (byte) word;
        if (type == INTEGER) {
            long end = Varints.afterFirst(Varints.ends(word));
            return end == 0 ? -1 : from + (Varints.bitsToFirst(end) >>> 3);
        }
        int length = type == STRING ? (byte) (word >>> 8) : 0;
        int size = (int) (SIZES >>> ((type & 0xf) << 2)) & 0xf;
        return type < STRING || length < 0 ? -1 : from + size + length;
    }

    /** Skips one value. */
    static void skip(Input in) {
        in.moveTo(skip(in, in.position()));
    }

    /** Skips one value from a position that the caller keeps by itself. @return the position after it */
    static int skip(Input in, int from) {
        return skip(in, in.bytes(), from, in.end(), 0);
    }

    /**
     * The position is passed along, because a field that each step reads and writes costs more than the steps. Whatever is not short and
     * complete {@code in} decides.
     *
     * @return the position after the value
     */
    private static int skip(Input in, byte[] bytes, int at, int end, int depth) {
        if (at >= end) {
            in.moveTo(at);
            in.uint8(); // Throws.
        }
        int type = bytes[at];
        int p = at + 1;
        return switch (type) {
            case UNDEFINED, NULL, FALSE, TRUE -> p;
            case INTEGER -> skipVarInt(in, bytes, p, end);
            case FLOAT32 -> skip(in, p, Float.BYTES);
            case FLOAT64, BIGINT -> skip(in, p, Double.BYTES);
            case STRING -> in.skipString(p);
            case BYTES -> {
                in.moveTo(p);
                in.skipBuffer();
                yield in.position();
            }
            case OBJECT -> {
                limit(depth, at);
                in.moveTo(p);
                int left = in.count(2, "properties");
                for (p = in.position(); left > 0; left--) {
                    p = in.skipString(p);
                    p = skip(in, bytes, p, end, depth + 1);
                }
                yield p;
            }
            case ARRAY -> {
                limit(depth, at);
                in.moveTo(p);
                int left = in.count(1, "elements");
                for (p = in.position(); left > 0; left--) {
                    p = skip(in, bytes, p, end, depth + 1);
                }
                yield p;
            }
            default -> throw new MalformedException(at, "a type of value was expected, not " + type);
        };
    }

    private static int skip(Input in, int from, int length) {
        in.moveTo(from);
        in.skip(length);
        return from + length;
    }

    private static int skipVarInt(Input in, byte[] bytes, int from, int end) {
        if (end - from >= Long.BYTES) {
            long ends = Varints.ends(Varints.word(bytes, from));
            if (Varints.afterFirst(ends) != 0) {
                return from + (Varints.bitsToFirst(ends) >>> 3);
            }
        }
        in.moveTo(from);
        in.skipVarInt();
        return in.position();
    }

    static void limit(int depth, int at) {
        if (depth >= MAX_DEPTH) {
            throw new MalformedException(at, "a value of at most " + MAX_DEPTH + " levels was expected");
        }
    }
}
