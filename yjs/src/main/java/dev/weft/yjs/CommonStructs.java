package dev.weft.yjs;

/**
 * The structs that nearly all documents consist of, passed over many at a time: ids of up to eight bytes, short keys, and as content a
 * deleted length, a text, a type, a formatting mark or one value that holds no further ones but an object's. This takes half of the time of
 * going from struct to struct, because nothing but the position is kept, and because of branches (each beside its place): a processor foresees
 * those that take the same way for many structs, and then need not wait for the bytes that decide.
 *
 * <p>Nothing is thrown: at whatever is not common, complete and short this stops, for {@link StructReader#next} to decide. Text is only
 * measured, and ids are only passed on. Fields say where to begin, and afterwards where it has stopped. Not thread-safe.
 */
final class CommonStructs {
    /** More than a common struct takes up to the last word of it, the text of a string and the properties of an object not counted. */
    static final int ROOM = 320;

    private static final int NOT_COMMON = -1;

    /** A text of one byte, or one clock that was deleted: the length, and that the byte after it is ASCII. */
    private static final int ONE_UNIT = 0x01;

    private static final int LENGTH_AND_ASCII = 0x80ff;

    /** Where the next struct begins, its clock, and how many are left of the block. */
    int position;

    long clock;
    int left;
    /** Where the last struct begins that was passed, and its clock. */
    int lastStart;

    long lastClock;

    /** Where the integers of the last two ids ended that were not like the two before, among the bytes that these masks select. */
    private long ends;

    private long mask = -1;
    private long moreEnds = -1;
    private long moreMask = -1;
    private int sizeOfIds;

    /** Passes structs up to the first one that is not common or ends after the clock {@code to}, which is at most 2^53 - 1. */
    void pass(byte[] bytes, int limit, long to) {
        int p = position;
        long at = clock;
        int structs = left;
        int start = lastStart;
        long startClock = lastClock;
        while (structs > 0 && limit - p >= ROOM) {
            int info = bytes[p];
            int kind = info & StructReader.KIND;
            int q = dependencies(bytes, p + 1, info);
            if (q < 0) {
                break;
            }
            long units = 1;
            if (kind == StructReader.STRING || kind == StructReader.DELETED || info == StructReader.GC) {
                long word = Varints.word(bytes, q);
                // What is typed and deleted key by key is of this kind for long, and this branch saves reading a length
                // first.
                if ((word & LENGTH_AND_ASCII) == ONE_UNIT) {
                    q += kind == StructReader.STRING ? 2 : 1;
                } else {
                    long endsHere = Varints.ends(word);
                    if (endsHere == 0) {
                        break;
                    }
                    int bits = Varints.bitsToFirst(endsHere);
                    units = Varints.value(word, bits);
                    q += bits >>> 3;
                    if (kind == StructReader.STRING) {
                        if (units > limit - q) {
                            break;
                        }
                        int text = q;
                        q += (int) units;
                        units = Utf8.utf16Length(bytes, text, q);
                    }
                    if (units == 0) {
                        break;
                    }
                }
            } else {
                q = content(bytes, q, kind, limit);
                if (q < 0) {
                    break;
                }
            }
            if (q > limit || at + units > to) {
                break;
            }
            start = p;
            startClock = at;
            p = q;
            at += units;
            structs--;
        }
        position = p;
        clock = at;
        left = structs;
        lastStart = start;
        lastClock = startClock;
    }

    /** Passes ids, parent and key. @return the position after them */
    private int dependencies(byte[] bytes, int from, int info) {
        boolean hasRightOrigin = (info & StructReader.HAS_RIGHT_ORIGIN) != 0;
        if ((info & StructReader.HAS_ORIGIN) != 0) {
            return hasRightOrigin ? twoIds(bytes, from) : id(bytes, from);
        }
        if (hasRightOrigin) {
            return id(bytes, from);
        }
        if (info == StructReader.GC) {
            return from;
        }
        int p = bytes[from] == 0 ? id(bytes, from + 1) : NOT_COMMON;
        return p < 0 || (info & StructReader.HAS_KEY) == 0 ? p : shortString(bytes, p);
    }

    private static int id(byte[] bytes, int from) {
        long end = Varints.afterFirst(Varints.ends(Varints.word(bytes, from)));
        return end == 0 ? NOT_COMMON : from + (Varints.bitsToFirst(end) >>> 3);
    }

    /**
     * In a text, ids mostly take as many bytes as those of the struct before. To foresee that is better than to add up their sizes, for
     * which the processor would have to read one after the other before it could begin with the next struct.
     */
    private int twoIds(byte[] bytes, int from) {
        long endsHere = Varints.ends(Varints.word(bytes, from));
        long moreEndsHere = Varints.ends(Varints.word(bytes, from + Long.BYTES));
        if ((((endsHere ^ ends) & mask) | ((moreEndsHere ^ moreEnds) & moreMask)) == 0) {
            return from + sizeOfIds;
        }
        int second = id(bytes, from);
        int to = second < 0 ? NOT_COMMON : id(bytes, second);
        if (to >= 0) {
            sizeOfIds = to - from;
            mask = firstBytes(sizeOfIds);
            moreMask = firstBytes(sizeOfIds - Long.BYTES);
            ends = endsHere;
            moreEnds = moreEndsHere;
        }
        return to;
    }

    /** A mask of the first bytes of a word. */
    private static long firstBytes(int count) {
        return count <= 0 ? 0 : count >= Long.BYTES ? -1 : (1L << (count << 3)) - 1;
    }

    /** Passes content that is one clock long. @return the position after it */
    private static int content(byte[] bytes, int from, int kind, int limit) {
        if (kind == StructReader.ANY) {
            return bytes[from] == 1 ? Any.passCommon(bytes, from + 1, limit) : NOT_COMMON;
        }
        if (kind == StructReader.TYPE) {
            int type = bytes[from];
            boolean hasName = type == StructReader.XML_ELEMENT || type == StructReader.XML_HOOK;
            return type < 0 || type > StructReader.LAST_TYPE || hasName ? NOT_COMMON : from + 1;
        }
        if (kind == StructReader.FORMAT) {
            int value = shortString(bytes, from);
            return value < 0 ? NOT_COMMON : shortString(bytes, value);
        }
        return NOT_COMMON;
    }

    private static int shortString(byte[] bytes, int from) {
        int length = bytes[from];
        return length < 0 ? NOT_COMMON : from + 1 + length;
    }
}
