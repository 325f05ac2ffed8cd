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

    static void skip(Input in) {
        skip(in, 0);
    }

    private static void skip(Input in, int depth) {
        int at = in.position();
        int type = in.uint8();
        switch (type) {
            case UNDEFINED, NULL, FALSE, TRUE -> {}
            case INTEGER -> in.skipVarInt();
            case FLOAT32 -> in.skip(Float.BYTES);
            case FLOAT64, BIGINT -> in.skip(Double.BYTES);
            case STRING -> in.skipString();
            case BYTES -> in.skipBuffer();
            case OBJECT -> {
                limit(depth, at);
                for (int left = in.count(2, "properties"); left > 0; left--) {
                    in.skipString();
                    skip(in, depth + 1);
                }
            }
            case ARRAY -> {
                limit(depth, at);
                for (int left = in.count(1, "elements"); left > 0; left--) {
                    skip(in, depth + 1);
                }
            }
            default -> throw new MalformedException(at, "a type of value was expected, not " + type);
        }
    }

    static void limit(int depth, int at) {
        if (depth >= MAX_DEPTH) {
            throw new MalformedException(at, "a value of at most " + MAX_DEPTH + " levels was expected");
        }
    }
}
