package dev.weft.yjs;

/**
 * The order in which a document would integrate the structs of a table (Yjs {@code encoding.js},
 * {@code integrateStructs}), and what becomes of each on the way, without the document.
 *
 * <p>A struct comes after the one before it, its origins and its parent. So when its turn comes, all is known of those: it
 * belongs to a deleted type if its parent is deleted, or else if one of its origins belongs to one, since an origin has the
 * same parent. Yjs turns it into a GC struct then, also if its parent is no type at all ({@code Item.js}, {@code getMissing}).
 *
 * <p>Each client has a place up to which its structs are settled. A struct that needs a later one of another client waits on
 * a stack of clients, on which a client stands at most once: if it is needed again, the ids form a cycle and no document could
 * ever integrate them. Each struct is looked at four times at most.
 *
 * <p>Most items go on where the one before them ends, and are settled by copying two of its marks, without looking anything up.
 */
final class Integration {
    private static final int NONE = -1;

    /** What an item that {@linkplain StructTable#FOLLOWS follows} another has in common with it. */
    private static final int INHERITED = StructTable.COLLECTED | StructTable.KEYED;

    /** In place of the right origin of a GC struct, which nothing follows. */
    private static final long UNKNOWN = -2;

    private final StructTable table;
    private final byte[] marks;
    private final long[] clock;
    private final StructIds ids = new StructIds();

    // For each client its first row that is not settled, the segment of that, and the right origin of the item before.
    private final int[] next;
    private final int[] segment;
    private final long[] rightClient;
    private final long[] rightClock;

    // The stack: clients, and the rows they wait for, of their own.
    private final boolean[] waits;
    private final int[] waitingClient;
    private final int[] waitingFor;

    /** The client of what {@link #locate} found, or else what it found missing or not settled yet. */
    private int located;

    private boolean missing;

    private int neededClient;
    private int neededRow;

    private long lastClient = StructIds.NONE;
    private int lastIndex;

    private Integration(StructTable table) {
        this.table = table;
        marks = table.marks;
        clock = table.clock;
        int clients = table.clientCount();
        next = new int[clients];
        segment = new int[clients];
        rightClient = new long[clients];
        rightClock = new long[clients];
        for (int c = 0; c < clients; c++) {
            next[c] = table.firstRowOf(c);
            segment[c] = table.firstSegment(c);
        }
        waits = new boolean[clients];
        waitingClient = new int[clients];
        waitingFor = new int[clients];
    }

    /** Marks all structs of a table. @return false if some cannot be integrated; the marks mean nothing then */
    static boolean mark(StructTable table) {
        Integration integration = new Integration(table);
        for (int c = 0; c < table.clientCount(); c++) {
            if (!integration.settleAll(c)) {
                return false;
            }
        }
        return true;
    }

    private boolean settleAll(int client) {
        int depth = 0;
        push(0, client, table.endMark(client) - 1);
        while (depth >= 0) {
            int c = waitingClient[depth];
            if (settle(c, waitingFor[depth])) {
                waits[c] = false;
                depth--;
            } else if (missing || waits[neededClient]) {
                return false;
            } else {
                depth++;
                push(depth, neededClient, neededRow);
            }
        }
        return true;
    }

    /** Puts a client on the stack until one of its rows is settled. */
    private void push(int depth, int client, int until) {
        waits[client] = true;
        waitingClient[depth] = client;
        waitingFor[depth] = until;
    }

    /** Settles a client's structs up to and with a row. @return false if {@link #missing} or something else is needed before */
    private boolean settle(int c, int until) {
        int row = next[c];
        while (row <= until) {
            if (row == table.endRow(segment[c])) {
                segment[c]++;
            }
            byte[] bytes = table.source(segment[c]);
            int end = Math.min(until + 1, table.endRow(segment[c]));
            while (row < end) {
                if (!settle(c, row, bytes)) {
                    next[c] = row;
                    return false;
                }
                row++;
            }
            next[c] = row;
        }
        return true;
    }

    /** Settles one struct. @return false as above */
    private boolean settle(int c, int row, byte[] bytes) {
        if (has(row, StructTable.COLLECTED)) {
            rightClient[c] = UNKNOWN;
            return true;
        }
        ids.read(bytes, table.start[row]);
        // No struct has an origin before its client's first clock.
        boolean continues = ids.originClient == table.client(c) && ids.originClock == clock[row] - 1;
        if (continues && ids.rightClient == rightClient[c] && ids.rightClock == rightClock[c]) {
            marks[row] |= (byte) (StructTable.FOLLOWS | (marks[row - 1] & INHERITED));
            return true;
        }
        int origin = NONE;
        int right = NONE;
        boolean isLastOfOrigin = false;
        boolean isFirstOfRight = false;
        if (continues) {
            origin = row - 1;
        } else if (ids.originClient != StructIds.NONE) {
            origin = locate(c, ids.originClient, ids.originClock);
            if (origin == NONE) {
                return false;
            }
            isLastOfOrigin = table.begins(located, origin + 1, ids.originClock + 1);
        }
        if (ids.rightClient != StructIds.NONE) {
            right = locate(c, ids.rightClient, ids.rightClock);
            if (right == NONE) {
                return false;
            }
            isFirstOfRight = table.begins(located, right, ids.rightClock);
        }
        int parent = NONE;
        if (ids.parentClient != StructIds.NONE) {
            parent = locate(c, ids.parentClient, ids.parentClock);
            if (parent == NONE) {
                return false;
            }
        }
        rightClient[c] = ids.rightClient;
        rightClock[c] = ids.rightClock;
        if (isCollected(origin) || isCollected(right) || isDead(parent)) {
            marks[row] |= StructTable.COLLECTED;
            return true;
        }
        if (isKeyed(bytes[table.start[row]], origin, right)) {
            marks[row] |= StructTable.KEYED;
        }
        // The rule that keeps receivers from having to split again what was joined.
        if (isLastOfOrigin) {
            marks[origin] |= StructTable.ORIGIN_OF_ANOTHER;
        }
        if (isFirstOfRight) {
            marks[right] |= StructTable.RIGHT_ORIGIN_OF_ANOTHER;
        }
        return true;
    }

    /** The row of the struct with an id, if it is settled; else NONE. */
    private int locate(int c, long client, long at) {
        int of = client == table.client(c) ? c : indexOf(client);
        int found = of < 0 ? NONE : table.rowAt(of, at);
        located = of;
        missing = found < 0;
        if (missing) {
            return NONE;
        }
        if (found >= next[of] && of != c) {
            neededClient = of;
            neededRow = found;
            return NONE;
        }
        return found;
    }

    /** Ids of one client come in runs. */
    private int indexOf(long client) {
        if (client != lastClient) {
            lastClient = client;
            lastIndex = table.indexOfClient(client);
        }
        return lastIndex;
    }

    private boolean has(int row, byte mark) {
        return (marks[row] & mark) != 0;
    }

    private boolean isCollected(int row) {
        return row != NONE && has(row, StructTable.COLLECTED);
    }

    /** Whether a parent holds nothing: it is deleted, or not a type. */
    private boolean isDead(int row) {
        return row != NONE
                && (marks[row] & (StructTable.COLLECTED | StructTable.DELETED | StructTable.TYPE)) != StructTable.TYPE;
    }

    private boolean isKeyed(int info, int origin, int right) {
        int inheritedFrom = origin != NONE ? origin : right;
        return inheritedFrom != NONE ? has(inheritedFrom, StructTable.KEYED) : (info & StructReader.HAS_KEY) != 0;
    }
}
