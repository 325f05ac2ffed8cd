package dev.weft.yjs;

/**
 * The order in which a document would integrate the structs of a table (Yjs {@code encoding.js},
 * {@code integrateStructs}), and what becomes of each on the way, without the document.
 *
 * <p>A struct comes after the one before it, its origins and its parent. So when its turn comes, all is known of those: it
 * belongs to a deleted type if its parent is deleted, or else if one of its origins belongs to one, since an origin has the
 * same parent. Yjs turns it into a GC struct then, also if its parent is no type at all ({@code Item.js}, {@code getMissing}).
 * Where origins contradict each other, as in nothing that a client writes, and more than one document may come of it, nothing is
 * marked.
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

    /** Whether what stops is not to be had in this table: it is missing, or the ids of a struct contradict each other. */
    private boolean undecidable;

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

    /** Marks all structs of a table. @return false if some cannot be integrated, or in more than one way; the marks mean nothing then */
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
            } else if (undecidable || waits[neededClient]) {
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

    /** Settles a client's structs up to and with a row. @return false if {@link #undecidable} or something else is needed before */
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
        if (origin != NONE && right != NONE && !isCollected(origin)) {
            undecidable = isCollected(right) ? isItemAtFirst(right) : !isFirstOfRight && dependsOnCuts(origin, right);
            if (undecidable) {
                return false;
            }
        }
        rightClient[c] = ids.rightClient;
        rightClock[c] = ids.rightClock;
        if (isCollected(origin) || isCollected(right) || isDead(parent)) {
            marks[row] |= StructTable.COLLECTED;
            if (isItemAtFirst(origin) && isItemAtFirst(right) && isTypeAtFirst(parent)) {
                marks[row] |= StructTable.COLLECTED_WITH_PARENT;
            }
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
        if (found < 0) {
            undecidable = true;
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

    /**
     * Whether it depends on how the item of both origins is cut where a document puts another one. Of what clients write nothing does: the
     * right origin is to the right of the origin. If it is to the left in one item, a document cuts that behind the origin, then in front
     * of the right origin, and puts the other one there; behind the origin if they came in two items.
     */
    private boolean dependsOnCuts(int origin, int right) {
        return origin == right && ids.rightClock <= ids.originClock;
    }

    /**
     * Whether a document that has not seen all deletions holds a struct as an item, which others may be put beside. If such a right origin
     * is collected and the origin is not, they are in different types, as no client writes them, and what becomes of the item depends on
     * when a document collects: it puts the item beside its origin before, and makes a GC struct of it afterwards.
     */
    private boolean isItemAtFirst(int row) {
        return row == NONE || !has(row, StructTable.COLLECTED) || has(row, StructTable.COLLECTED_WITH_PARENT);
    }

    private boolean isTypeAtFirst(int row) {
        return row == NONE || (has(row, StructTable.TYPE) && isItemAtFirst(row));
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
