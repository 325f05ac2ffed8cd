package dev.weft.yjs;

/**
 * A reader of what stands before the content of an item: its origins or its parent. It can be set on any struct of a
 * {@link StructTable}. Fields describe the item it was set on. Not thread-safe.
 */
final class StructIds {
    /** In place of a client where there is no such id. */
    static final long NONE = -1;

    private final StructTable table;
    private final Input in;

    long originClient;
    long originClock;
    long rightClient;
    long rightClock;
    long parentClient;
    long parentClock;
    /** Where the right origin (if any) begins, and where the content begins. */
    int rightOriginStart;

    int contentStart;

    StructIds(StructTable table) {
        this.table = table;
        this.in = Input.trusting(table.bytes);
    }

    /** Reads what stands before the content of item {@code s}. */
    void read(int s) {
        int info = table.info(s);
        in.rewind(table.start(s) + 1);
        originClient = NONE;
        originClock = NONE;
        rightClient = NONE;
        rightClock = NONE;
        parentClient = NONE;
        parentClock = NONE;
        if ((info & StructReader.HAS_ORIGIN) != 0) {
            originClient = in.varUint();
            originClock = in.varUint();
        }
        rightOriginStart = in.position();
        if ((info & StructReader.HAS_RIGHT_ORIGIN) != 0) {
            rightClient = in.varUint();
            rightClock = in.varUint();
        }
        if ((info & (StructReader.HAS_ORIGIN | StructReader.HAS_RIGHT_ORIGIN)) == 0) {
            if (in.varUint() == 1) {
                in.skipString();
            } else {
                parentClient = in.varUint();
                parentClock = in.varUint();
            }
            if ((info & StructReader.HAS_KEY) != 0) {
                in.skipString();
            }
        }
        contentStart = in.position();
    }
}
