package dev.weft.yjs;

import org.jspecify.annotations.Nullable;

/**
 * A lazy reader of the structs of an update in encoding V1: it moves from struct to struct and tells where each lies,
 * without decoding contents. Format (Yjs {@code UpdateDecoder.js}, {@code Item.js}, {@code structs/Content*.js}):
 *
 * <pre>
 *   varUint blocks, then per block: varUint structs, varUint client, varUint first clock, the structs
 *
 *   struct   info byte: 0x1f kind, 0x80 has origin, 0x40 has right origin, 0x20 has key (parentSub)
 *            0x80: origin, varUint client and clock      0x40: right origin, the same
 *            neither: varUint 1 and the root's name, or varUint 0 and the parent's id; with 0x20: string key
 *            content by kind, see the constants
 * </pre>
 *
 * The bit 0x20 means nothing where an origin is present: a live document writes it there and Yjs's merge loses it.
 *
 * <p>After the last block the input stands at the delete set. Fields describe the current struct; the reader owns
 * nothing. Not thread-safe.
 */
final class StructReader {
    /** Collected: varUint length. No flags. */
    static final int GC = 0;
    /** Deleted content: varUint length. */
    static final int DELETED = 1;
    /** varUint count, count × string (JSON or {@code undefined}). */
    static final int JSON = 2;
    /** One buffer. */
    static final int BINARY = 3;
    /** One string, which is as many clocks long as it has UTF-16 units. */
    static final int STRING = 4;
    /** One string of JSON. */
    static final int EMBED = 5;
    /** String key, string of JSON. */
    static final int FORMAT = 6;
    /** varUint type, and a string name for {@link #XML_ELEMENT} and {@link #XML_HOOK}. */
    static final int TYPE = 7;
    /** varUint count, count × any. */
    static final int ANY = 8;
    /** Subdocument: string guid, any (an object of options). */
    static final int DOC = 9;
    /** A gap: varUint length. No flags. */
    static final int SKIP = 10;

    static final int KIND = 0x1f;
    static final int HAS_ORIGIN = 0x80;
    static final int HAS_RIGHT_ORIGIN = 0x40;
    static final int HAS_KEY = 0x20;

    static final int XML_ELEMENT = 3;
    static final int XML_HOOK = 5;
    static final int LAST_TYPE = 6;

    private static final byte[] UNDEFINED = {'u', 'n', 'd', 'e', 'f', 'i', 'n', 'e', 'd'};

    /** Block header: three integers. */
    static final int MIN_BLOCK_BYTES = 3;
    /** Info byte and length. */
    static final int MIN_STRUCT_BYTES = 2;

    private final Input in;
    private final boolean checksIds;
    private byte[] bytes;
    private int limit;
    private int blocksLeft;
    private int structsLeft;
    private long nextClock;
    private @Nullable CommonStructs common;

    /** The client of the current block. */
    long client;

    long clock;
    long length;
    int info;
    /** Where the current struct begins, where its right origin (if any) and its content begin, and where it ends. */
    int start;

    int rightOriginStart;
    int contentStart;
    int end;

    private StructReader(Input in, int blocksLeft, boolean checksIds) {
        this.in = in;
        this.checksIds = checksIds;
        this.bytes = in.bytes();
        this.limit = in.end();
        this.blocksLeft = blocksLeft;
    }

    /** Over a whole update, before its first block. */
    static StructReader of(Input in) {
        return new StructReader(in, in.count(MIN_BLOCK_BYTES, "blocks of structs"), true);
    }

    /**
     * The same for those who pass ids on and do not follow them: one that lies ahead of its own struct is not found out. Comparing them takes
     * a quarter of the time of a scan.
     */
    static StructReader passingIds(Input in) {
        return new StructReader(in, in.count(MIN_BLOCK_BYTES, "blocks of structs"), false);
    }

    /** Starts over with the update that the input was {@linkplain Input#restart restarted} with; for readers of whole updates. */
    void restart() {
        bytes = in.bytes();
        limit = in.end();
        structsLeft = 0;
        blocksLeft = in.count(MIN_BLOCK_BYTES, "blocks of structs");
    }

    /** Over structs of one client that lie one after the other, from the first of them. */
    static StructReader inside(Input in, long client, long clock, int structs) {
        StructReader reader = new StructReader(in, 0, false);
        reader.client = client;
        reader.nextClock = clock;
        reader.structsLeft = structs;
        return reader;
    }

    int kind() {
        return info & KIND;
    }

    /** The clock after the current struct. */
    long clockAfter() {
        return nextClock;
    }

    /** How many structs of this block come after the current one. */
    int structsLeft() {
        return structsLeft;
    }

    /** Goes to the next block; the structs of the one before must have been read. */
    boolean nextBlock() {
        assert structsLeft == 0;
        if (blocksLeft == 0) {
            return false;
        }
        blocksLeft--;
        structsLeft = in.count(MIN_STRUCT_BYTES, "structs");
        client = in.varUint();
        nextClock = in.varUint();
        return true;
    }

    /** Goes to the next struct of the block. */
    boolean next() {
        if (structsLeft == 0) {
            return false;
        }
        structsLeft--;
        clock = nextClock;
        start = in.position();
        info = in.uint8();
        int kind = info & KIND;
        int p = start + 1;
        if (kind == GC || kind == SKIP) {
            if (info != kind) {
                throw new MalformedException(start, "a struct without flags was expected");
            }
            contentStart = p;
            p = number(p);
        } else {
            p = ids(p);
            contentStart = p;
            p = content(kind, p);
        }
        in.moveTo(p);
        end = p;
        if (length == 0) {
            throw new MalformedException(contentStart, "a struct that is not empty was expected");
        }
        nextClock = clock + length;
        if (nextClock > Input.MAX_INTEGER) {
            throw new MalformedException(start, "clocks up to 2^53 - 1 were expected");
        }
        return true;
    }

    /**
     * Passes those of the next structs that are {@linkplain CommonStructs common} and end at or before a clock, as many as come one after
     * another. The last of them is the current struct then, of which it is not told where its parts begin. The same as {@link #next} again
     * and again, but in half of the time; only for readers that pass ids on and trust the text.
     *
     * @param to at most 2^53 - 1
     */
    void passCommon(long to) {
        passCommon(to, structsLeft);
    }

    /** The same for so many structs at most. */
    void passCommon(long to, int most) {
        int from = in.position();
        int count = Math.min(most, structsLeft);
        if (count == 0 || limit - from < CommonStructs.ROOM) {
            return;
        }
        CommonStructs structs = common;
        if (structs == null) {
            structs = new CommonStructs();
            common = structs;
        }
        structs.position = from;
        structs.clock = nextClock;
        structs.left = count;
        structs.pass(bytes, limit, to);
        if (structs.left < count) {
            start = structs.lastStart;
            info = bytes[start] & 0xff;
            clock = structs.lastClock;
            nextClock = structs.clock;
            length = nextClock - clock;
            structsLeft -= count - structs.left;
            end = structs.position;
            in.moveTo(end);
        }
    }

    // From here on the position is passed along: a field that each step reads and writes costs more than the steps.
    // What is short and
    // complete is read here; all else, and what is wrong, by the input, which checks every byte.

    private int ids(int from) {
        int p = from;
        if ((info & HAS_ORIGIN) != 0) {
            p = id(p);
        }
        rightOriginStart = p;
        if ((info & HAS_RIGHT_ORIGIN) != 0) {
            p = id(p);
        }
        return (info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN)) == 0 ? parent(p) : p;
    }

    private int parent(int from) {
        in.moveTo(from);
        long isRoot = in.varUint();
        int p = in.position();
        if (isRoot == 0) {
            p = id(p);
        } else if (isRoot == 1) {
            p = in.skipString(p);
        } else {
            throw new MalformedException(from, "a parent was expected");
        }
        return (info & HAS_KEY) != 0 ? in.skipString(p) : p;
    }

    /** Skips an id. One that lies ahead of its own struct would make every client fail that integrates it. */
    private int id(int from) {
        if (limit - from >= Long.BYTES) {
            long word = Varints.word(bytes, from);
            long ends = Varints.ends(word);
            long endsOfClock = Varints.afterFirst(ends);
            if (endsOfClock != 0) {
                int bits = Varints.bitsToFirst(endsOfClock);
                if (!checksIds) {
                    return from + (bits >>> 3);
                }
                int clientBits = Varints.bitsToFirst(ends);
                // The clock first: of two comparisons the one that nearly always fails.
                if (Varints.value(word >>> clientBits, bits - clientBits) >= clock
                        && Varints.value(word, clientBits) == client) {
                    throw ahead(from);
                }
                return from + (bits >>> 3);
            }
        }
        in.moveTo(from);
        long idClient = in.varUint();
        long idClock = in.varUint();
        if (checksIds && idClient == client && idClock >= clock) {
            throw ahead(from);
        }
        return in.position();
    }

    private static MalformedException ahead(int at) {
        return new MalformedException(at, "the id of an earlier struct was expected");
    }

    /** Reads a length that stands for itself. @return the position after it */
    private int number(int from) {
        in.moveTo(from);
        length = in.varUint();
        return in.position();
    }

    /** Skips the content and finds its length in clocks. @return the position after it */
    private int content(int kind, int from) {
        length = 1;
        switch (kind) {
            case DELETED -> {
                return number(from);
            }
            case ANY -> {
                return values(from);
            }
            case STRING -> {
                in.moveTo(from);
                length = in.string();
            }
            case TYPE -> {
                in.moveTo(from);
                type();
            }
            case FORMAT -> {
                in.moveTo(in.skipString(from));
                in.skipJson();
            }
            case EMBED -> {
                in.moveTo(from);
                in.skipJson();
            }
            case BINARY -> {
                in.moveTo(from);
                in.skipBuffer();
            }
            case JSON -> {
                in.moveTo(from);
                int count = in.count(1, "JSON values");
                for (int i = 0; i < count; i++) {
                    jsonOrUndefined();
                }
                length = count;
            }
            case DOC -> {
                int p = in.skipString(from);
                if (p < limit && bytes[p] != Any.OBJECT) {
                    throw new MalformedException(p, "the options of a subdocument were expected");
                }
                return Any.skip(in, p);
            }
            default -> throw new MalformedException(start, "a kind of struct was expected, not " + kind);
        }
        return in.position();
    }

    private int values(int from) {
        in.moveTo(from);
        int count = in.count(1, "values");
        int p = in.position();
        for (int i = 0; i < count; i++) {
            p = Any.skip(in, p);
        }
        length = count;
        return p;
    }

    private void jsonOrUndefined() {
        int before = in.position();
        int length = in.byteLength();
        if (length == UNDEFINED.length && startsWithUndefined()) {
            in.skip(length);
        } else {
            in.rewind(before);
            in.skipJson();
        }
    }

    private boolean startsWithUndefined() {
        for (int i = 0; i < UNDEFINED.length; i++) {
            if (in.bytes()[in.position() + i] != UNDEFINED[i]) {
                return false;
            }
        }
        return true;
    }

    private void type() {
        int at = in.position();
        long type = in.varUint();
        if (type > LAST_TYPE) {
            throw new MalformedException(at, "a type was expected, not " + type);
        }
        if (type == XML_ELEMENT || type == XML_HOOK) {
            in.skipString();
        }
    }
}
