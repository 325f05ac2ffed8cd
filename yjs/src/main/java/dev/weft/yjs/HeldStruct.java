package dev.weft.yjs;

/**
 * The struct that a {@link Compaction} holds back, because the next piece may become a part of it, and the writing of it: as
 * it is where it lies, if nothing changed, else put together anew. Not thread-safe.
 */
final class HeldStruct {
    private enum State {
        NOTHING,
        GC,
        DELETED,
        /** As it is where it lies. */
        LIVE,
        /** Being written: its header is out, the number in front of its content is reserved. */
        OPEN
    }

    private final StructTable table;
    private final Gather gather;
    private final Input in;

    private long client;
    private long structs;

    private State state = State.NOTHING;
    private int struct;
    /** The first clock of what is held, which may be inside {@link #struct}, and how many clocks it holds. */
    private long clock;

    private long length;
    private int kind;
    private long rightClient;
    private long rightClock;
    private int rightOriginStart;
    private int contentStart;
    /** Of a struct being written: where its number of units goes, and how many they are. */
    private int unitsPlace;

    private long units;

    HeldStruct(StructTable table, Gather gather) {
        this.table = table;
        this.gather = gather;
        this.in = Input.trusting(table.bytes);
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

    long client() {
        return client;
    }

    long rightClient() {
        return rightClient;
    }

    long rightClock() {
        return rightClock;
    }

    boolean isGc() {
        return state == State.GC;
    }

    boolean isDeleted() {
        return state == State.DELETED;
    }

    /** Whether a live item of a joinable kind is held. */
    boolean isLive(int ofKind) {
        return (state == State.LIVE || state == State.OPEN) && kind == ofKind;
    }

    void holdGc(int s) {
        hold(State.GC, s, table.clock(s), table.clockAfter(s));
    }

    /** Holds clocks {@code [from, to)} of a deleted item, whose ids were read. */
    void holdDeleted(int s, long from, long to, StructIds ids) {
        hold(State.DELETED, s, from, to);
        keep(ids);
    }

    /** Holds a live item that is never joined. */
    void holdLive(int s) {
        hold(State.LIVE, s, table.clock(s), table.clockAfter(s));
    }

    /** Holds a live item whose ids were read. */
    void holdLive(int s, StructIds ids) {
        holdLive(s);
        keep(ids);
    }

    /** Adds clocks to a GC struct or a deleted item. */
    void lengthen(long clocks) {
        length += clocks;
    }

    /** Begins to write a live item of a joinable kind with the content of {@code s} from {@code from} on. */
    void open(int s, long from, StructIds ids) {
        hold(State.OPEN, s, from, from);
        keep(ids);
        writeHeader();
    }

    /** Appends all of the content of a live item, whose ids were read. */
    void append(int s, StructIds ids) {
        writeWhatIsHeld();
        appendContent(s, ids.contentStart);
    }

    /** Appends a part of a content that is {@code clocks} long. */
    void append(ContentCursor part, long clocks) {
        writeWhatIsHeld();
        if (part.startsInsidePair) {
            gather.copy(Utf8.REPLACEMENT, 0, Utf8.REPLACEMENT.length);
        }
        gather.copy(table.bytes, part.from, part.to);
        if (part.endsInsidePair) {
            gather.copy(Utf8.REPLACEMENT, 0, Utf8.REPLACEMENT.length);
        }
        units += part.units(clocks);
    }

    /** Writes what is held. */
    void release() {
        switch (state) {
            case NOTHING -> {
                return;
            }
            case LIVE -> gather.copy(table.bytes, table.start(struct), table.end(struct));
            case GC -> writeGc();
            case DELETED -> writeDeleted();
            case OPEN -> {
                int mark = gather.scratch().size();
                gather.scratch().varUint(units);
                gather.fill(unitsPlace, mark);
            }
        }
        structs++;
        state = State.NOTHING;
    }

    private void hold(State newState, int s, long from, long to) {
        release();
        state = newState;
        struct = s;
        clock = from;
        length = to - from;
        kind = table.info(s) & StructReader.KIND;
        units = 0;
    }

    private void keep(StructIds ids) {
        rightClient = ids.rightClient;
        rightClock = ids.rightClock;
        rightOriginStart = ids.rightOriginStart;
        contentStart = ids.contentStart;
    }

    private void writeWhatIsHeld() {
        if (state == State.LIVE) {
            state = State.OPEN;
            writeHeader();
            appendContent(struct, contentStart);
        }
    }

    private void appendContent(int s, int from) {
        in.rewind(from);
        units += in.varUint();
        gather.copy(table.bytes, in.position(), table.end(s));
    }

    private void writeGc() {
        if (isUnchanged(StructReader.GC)) {
            gather.copy(table.bytes, table.start(struct), table.end(struct));
            return;
        }
        int mark = gather.scratch().size();
        gather.scratch().uint8(StructReader.GC).varUint(length);
        gather.commit(mark);
    }

    private void writeDeleted() {
        if (isUnchanged(StructReader.DELETED)) {
            gather.copy(table.bytes, table.start(struct), table.end(struct));
            return;
        }
        int mark = gather.scratch().size();
        writeHeader(StructReader.DELETED);
        gather.scratch().varUint(length);
        gather.commit(mark);
    }

    private boolean isUnchanged(int heldKind) {
        return kind == heldKind && length == table.clockAfter(struct) - table.clock(struct);
    }

    private void writeHeader() {
        int mark = gather.scratch().size();
        writeHeader(kind);
        gather.commit(mark);
        unitsPlace = gather.reserve();
    }

    /** Writes the info byte and the ids of what is held; its origin, where it begins inside an item, is the clock before. */
    private void writeHeader(int writtenKind) {
        Output out = gather.scratch();
        int flags = table.info(struct) & ~StructReader.KIND;
        if (clock == table.clock(struct)) {
            out.uint8(flags | writtenKind).copy(table.bytes, table.start(struct) + 1, contentStart);
            return;
        }
        out.uint8(flags | StructReader.HAS_ORIGIN | writtenKind).varUint(client).varUint(clock - 1);
        if ((flags & StructReader.HAS_RIGHT_ORIGIN) != 0) {
            out.copy(table.bytes, rightOriginStart, contentStart);
        }
    }
}
