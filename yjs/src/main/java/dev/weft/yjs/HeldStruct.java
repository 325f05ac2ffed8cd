package dev.weft.yjs;

/**
 * The struct that a {@link Compaction} holds back, because the next piece may become a part of it, and the writing of it.
 *
 * <p>As long as nothing changes, the held struct is the last one of a stretch of bytes, all of which stays as it is. Once
 * something does, it is written anew: what stands before its content, then its content, whose length comes last although it
 * stands first. Not thread-safe.
 */
final class HeldStruct {
    /** In place of a clock: the origin stands in the bytes, if there is one. */
    static final long OWN_ORIGIN = -1;

    private static final byte[] NO_BYTES = {};

    private enum State {
        NOTHING,
        AS_IT_IS,
        /** A GC struct or a deleted item, written but for its length. */
        LENGTH_ANEW,
        /** An item, of whose content a part is written. */
        CONTENT_ANEW
    }

    private final Assembly out;

    private long client;
    private long structs;

    private State state = State.NOTHING;
    private int kind;
    /** Of a struct that stays as it is: its source, where in it the stretch begins, and where the struct begins and ends. */
    private byte[] bytes = NO_BYTES;

    private int stretch;
    private int start;
    private int end;
    /** Of a struct that is written anew: its clocks, or of a content its bytes (of a string) or values. */
    private long length;

    HeldStruct(Assembly out) {
        this.out = out;
    }

    /** Whether two contents of a kind make one, as in Yjs. */
    static boolean isJoinable(int kind) {
        return kind == StructReader.STRING || kind == StructReader.ANY || kind == StructReader.JSON;
    }

    void beginBlock(long ofClient) {
        client = ofClient;
        structs = 0;
    }

    /** How many structs of this block were written. */
    long structs() {
        return structs;
    }

    /** Whether the last piece is one of a kind. */
    boolean is(int ofKind) {
        return state != State.NOTHING && kind == ofKind;
    }

    /** Holds the last of {@code count} structs that stay as they are: it begins at {@code last}, the first at {@code from}. */
    void keep(byte[] source, int from, int last, int to, int count) {
        if (state != State.AS_IT_IS || !isContinuedBy(source, from)) {
            release();
            state = State.AS_IT_IS;
            bytes = source;
            stretch = from;
        }
        structs += count;
        kind = source[last] & StructReader.KIND;
        start = last;
        end = to;
    }

    @SuppressWarnings("ReferenceEquality") // the very same array, whatever is in it
    private boolean isContinuedBy(byte[] source, int from) {
        return end == from && source == bytes;
    }

    /** Holds a GC struct that is new. */
    void holdGc(long clocks) {
        hold(State.LENGTH_ANEW, StructReader.GC, clocks);
        out.out().uint8(StructReader.GC);
    }

    /**
     * Holds a deleted item in place of the item at {@code at}, or of its part after the clock {@code origin}, if that is not
     * {@link #OWN_ORIGIN}.
     */
    void holdDeleted(byte[] source, int at, long origin, long clocks) {
        hold(State.LENGTH_ANEW, StructReader.DELETED, clocks);
        writeHeader(source, at, origin);
    }

    /** Holds an item like the one at {@code at}, or its part after the clock {@code origin}; its content is to be appended. */
    void holdContent(byte[] source, int at, long origin) {
        hold(State.CONTENT_ANEW, source[at] & StructReader.KIND, 0);
        writeHeader(source, at, origin);
        out.beginCounted();
    }

    private void hold(State newState, int newKind, long newLength) {
        release();
        state = newState;
        kind = newKind;
        length = newLength;
        structs++;
    }

    /** Adds clocks to a GC struct or a deleted item. */
    void lengthen(long clocks) {
        if (state == State.AS_IT_IS) {
            state = State.LENGTH_ANEW;
            int contentStart = kind == StructReader.GC ? start + 1 : StructIds.contentStart(bytes, start);
            out.copy(bytes, stretch, contentStart);
            length = Varints.read(bytes, contentStart);
        }
        length += clocks;
    }

    /** Appends the content of an item that ends at {@code to}. */
    void append(byte[] source, int contentStart, int to) {
        openContent();
        length += Varints.read(source, contentStart);
        out.copy(source, Varints.end(source, contentStart), to);
    }

    /** Appends a part of a content that is {@code clocks} long. */
    void append(ContentCursor part, long clocks) {
        openContent();
        if (part.startsInsidePair) {
            out.copy(Utf8.REPLACEMENT, 0, Utf8.REPLACEMENT.length);
        }
        out.copy(part.bytes(), part.from, part.to);
        if (part.endsInsidePair) {
            out.copy(Utf8.REPLACEMENT, 0, Utf8.REPLACEMENT.length);
        }
        length += part.units(clocks);
    }

    private void openContent() {
        if (state == State.AS_IT_IS) {
            state = State.CONTENT_ANEW;
            int contentStart = StructIds.contentStart(bytes, start);
            out.copy(bytes, stretch, contentStart);
            out.beginCounted();
            length = Varints.read(bytes, contentStart);
            out.copy(bytes, Varints.end(bytes, contentStart), end);
        }
    }

    /** Writes what is held. */
    void release() {
        switch (state) {
            case NOTHING -> {}
            case AS_IT_IS -> out.copy(bytes, stretch, end);
            case LENGTH_ANEW -> out.out().varUint(length);
            case CONTENT_ANEW -> out.endCounted(length);
        }
        state = State.NOTHING;
    }

    /** Writes the info byte and the ids of an item of the held kind. */
    private void writeHeader(byte[] source, int at, long origin) {
        int flags = source[at] & ~StructReader.KIND;
        int contentStart = StructIds.contentStart(source, at);
        if (origin == OWN_ORIGIN) {
            out.out().uint8(flags | kind).copy(source, at + 1, contentStart);
            return;
        }
        out.out().uint8(flags | StructReader.HAS_ORIGIN | kind).varUint(client).varUint(origin);
        if ((flags & StructReader.HAS_RIGHT_ORIGIN) != 0) {
            out.out().copy(source, StructIds.rightOriginStart(source, at), contentStart);
        }
    }
}
