package dev.weft.yjs;

/**
 * A walk over the structs of one client in an update, for those who integrate them: what a struct depends on is read first, and its
 * content only when all of that is there. The update was checked.
 */
final class BlockCursor {
    private static final long NONE = -1;

    final Input in;
    final long client;
    /** The clock of the current struct. */
    long clock;
    /** How many structs come after the current one. */
    int left;

    /** Whether the current struct waits for one of another client. */
    boolean waits;

    /** Whether the current struct and those after it cannot be integrated now. */
    boolean stopped;

    private int start;
    private int info;
    private long originClient = NONE;
    private long originClock;
    private long rightClient = NONE;
    private long rightClock;
    private boolean hasParent;
    private int parentName;
    private long parentClient = NONE;
    private long parentClock;
    private int key;

    BlockCursor(Input in, long client, long clock, int structs) {
        this.in = in;
        this.client = client;
        this.clock = clock;
        this.left = structs;
    }

    int kind() {
        return info & StructReader.KIND;
    }

    /** Where the current struct begins. */
    int start() {
        return start;
    }

    /** Goes on to the next struct, which must be there; the current one has been read to its end. */
    void next() {
        left--;
        start = in.position();
        info = in.uint8();
        originClient = NONE;
        rightClient = NONE;
        parentClient = NONE;
        hasParent = false;
        if (kind() == StructReader.GC || kind() == StructReader.SKIP) {
            return;
        }
        if ((info & StructReader.HAS_ORIGIN) != 0) {
            originClient = in.varUint();
            originClock = in.varUint();
        }
        if ((info & StructReader.HAS_RIGHT_ORIGIN) != 0) {
            rightClient = in.varUint();
            rightClock = in.varUint();
        }
        if ((info & (StructReader.HAS_ORIGIN | StructReader.HAS_RIGHT_ORIGIN)) == 0) {
            parent();
        }
    }

    private void parent() {
        hasParent = true;
        if (in.varUint() == 1) {
            parentName = in.position();
            in.skipString();
        } else {
            parentClient = in.varUint();
            parentClock = in.varUint();
        }
        key = in.position();
        if (hasKey()) {
            in.skipString();
        }
    }

    boolean hasOrigin() {
        return originClient != NONE;
    }

    long originClient() {
        return originClient;
    }

    long originClock() {
        return originClock;
    }

    boolean hasRightOrigin() {
        return rightClient != NONE;
    }

    long rightOriginClient() {
        return rightClient;
    }

    long rightOriginClock() {
        return rightClock;
    }

    /** Whether the struct says what its parent is, instead of having the one of its neighbours. */
    boolean hasParent() {
        return hasParent;
    }

    boolean hasRootParent() {
        return hasParent && parentClient == NONE;
    }

    long parentClient() {
        return parentClient;
    }

    long parentClock() {
        return parentClock;
    }

    boolean hasKey() {
        return hasParent && (info & StructReader.HAS_KEY) != 0;
    }

    String rootName(KeyCache keys) {
        return keys.read(in, parentName);
    }

    String key(KeyCache keys) {
        return keys.read(in, key);
    }

    /** The first client of which something is missing that the struct depends on, or -1. */
    long missing(StructStore store) {
        if (isMissing(store, originClient, originClock)) {
            return originClient;
        }
        if (isMissing(store, rightClient, rightClock)) {
            return rightClient;
        }
        if (isMissing(store, parentClient, parentClock)) {
            return parentClient;
        }
        return NONE;
    }

    private boolean isMissing(StructStore store, long ofClient, long ofClock) {
        return ofClient != NONE && ofClient != client && ofClock >= store.state(ofClient);
    }
}
