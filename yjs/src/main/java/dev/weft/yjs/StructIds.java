package dev.weft.yjs;

/**
 * The origins of an item, or its parent, read from an update that was scanned before. Fields describe the item that was read
 * last. Not thread-safe.
 */
final class StructIds {
    /** In place of a client where there is no such id. */
    static final long NONE = -1;

    private static final int HAS_ID = StructReader.HAS_ORIGIN | StructReader.HAS_RIGHT_ORIGIN;
    private static final int PARENT_IS_ID = 0;

    long originClient;
    long originClock;
    long rightClient;
    long rightClock;
    long parentClient;
    long parentClock;

    private int position;

    /** Reads the ids of the item that begins at {@code start}. */
    void read(byte[] bytes, int start) {
        int info = bytes[start];
        position = start + 1;
        originClient = NONE;
        originClock = NONE;
        rightClient = NONE;
        rightClock = NONE;
        parentClient = NONE;
        parentClock = NONE;
        if ((info & HAS_ID) == 0) {
            if (next(bytes) == PARENT_IS_ID) {
                parentClient = next(bytes);
                parentClock = next(bytes);
            }
            return;
        }
        if ((info & StructReader.HAS_ORIGIN) != 0) {
            originClient = next(bytes);
            originClock = next(bytes);
        }
        if ((info & StructReader.HAS_RIGHT_ORIGIN) != 0) {
            rightClient = next(bytes);
            rightClock = next(bytes);
        }
    }

    /** An integer. Where eight bytes can be loaded at once there is neither a loop nor a branch for its length. */
    private long next(byte[] bytes) {
        int p = position;
        byte first = bytes[p];
        if (first >= 0) {
            position = p + 1;
            return first;
        }
        if (bytes.length - p >= Long.BYTES) {
            long word = Varints.word(bytes, p);
            long ends = Varints.ends(word);
            if (ends != 0) {
                int bits = Varints.bitsToFirst(ends);
                position = p + bits / Byte.SIZE;
                return Varints.value(word, bits);
            }
        }
        position = Varints.end(bytes, p);
        return Varints.read(bytes, p);
    }

    /** Where the right origin of an item begins, if it has one; else its content, unless it has a parent. */
    static int rightOriginStart(byte[] bytes, int start) {
        boolean hasOrigin = (bytes[start] & StructReader.HAS_ORIGIN) != 0;
        return hasOrigin ? afterId(bytes, start + 1) : start + 1;
    }

    /** Where the content of an item begins. */
    static int contentStart(byte[] bytes, int start) {
        int info = bytes[start];
        int p = rightOriginStart(bytes, start);
        if ((info & StructReader.HAS_RIGHT_ORIGIN) != 0) {
            return afterId(bytes, p);
        }
        if ((info & StructReader.HAS_ORIGIN) != 0) {
            return p;
        }
        boolean isId = Varints.read(bytes, p) == PARENT_IS_ID;
        p = Varints.end(bytes, p);
        p = isId ? afterId(bytes, p) : afterString(bytes, p);
        return (info & StructReader.HAS_KEY) != 0 ? afterString(bytes, p) : p;
    }

    private static int afterId(byte[] bytes, int p) {
        return Varints.end(bytes, Varints.end(bytes, p));
    }

    private static int afterString(byte[] bytes, int p) {
        return Varints.end(bytes, p) + (int) Varints.read(bytes, p);
    }
}
