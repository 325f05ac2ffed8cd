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
 * ever integrate them. Each struct is looked at three times at most.
 */
final class Integration {
    private static final int NONE = -1;

    private final StructTable table;
    private final StructIds ids;
    /** For each client its first struct that is not settled. */
    private final int[] next;

    private final boolean[] waits;
    private final int[] waitingClient;
    private final int[] waitingFor;

    /** What {@link #locate} found missing or not settled yet. */
    private boolean missing;

    private int neededClient;
    private int neededStruct;

    private Integration(StructTable table) {
        this.table = table;
        ids = new StructIds(table);
        int clients = table.clientCount();
        next = new int[clients];
        for (int c = 0; c < clients; c++) {
            next[c] = table.first(c);
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
            if (next[c] > waitingFor[depth]) {
                waits[c] = false;
                depth--;
            } else if (settle(c, next[c])) {
                next[c]++;
            } else if (missing || waits[neededClient]) {
                return false;
            } else {
                depth++;
                push(depth, neededClient, neededStruct);
            }
        }
        return true;
    }

    /** Puts a client on the stack until one of its structs is settled. */
    private void push(int depth, int client, int until) {
        waits[client] = true;
        waitingClient[depth] = client;
        waitingFor[depth] = until;
    }

    /** Settles one struct. @return false if {@link #missing} or something else is needed before */
    private boolean settle(int c, int s) {
        if (table.has(s, StructTable.COLLECTED)) {
            return true;
        }
        ids.read(s);
        int origin = NONE;
        int right = NONE;
        int parent = NONE;
        if (ids.originClient != StructIds.NONE) {
            origin = locate(c, s, ids.originClient, ids.originClock);
            if (origin == NONE) {
                return false;
            }
        }
        if (ids.rightClient != StructIds.NONE) {
            right = locate(c, s, ids.rightClient, ids.rightClock);
            if (right == NONE) {
                return false;
            }
        }
        if (ids.parentClient != StructIds.NONE) {
            parent = locate(c, s, ids.parentClient, ids.parentClock);
            if (parent == NONE) {
                return false;
            }
        }
        if (isCollected(origin) || isCollected(right) || isDead(parent)) {
            table.mark(s, StructTable.COLLECTED);
            return true;
        }
        if (isKeyed(s, origin, right)) {
            table.mark(s, StructTable.KEYED);
        }
        // The rule that keeps receivers from having to split again what was joined.
        boolean follows = origin == s - 1;
        if (origin != NONE && !follows && table.clockAfter(origin) == ids.originClock + 1) {
            table.mark(origin, StructTable.ORIGIN_OF_ANOTHER);
        }
        if (right != NONE && table.clock(right) == ids.rightClock) {
            table.mark(right, StructTable.RIGHT_ORIGIN_OF_ANOTHER);
        }
        return true;
    }

    /** The struct with an id, if it is settled; else NONE. */
    private int locate(int c, int s, long client, long clock) {
        boolean own = client == table.client(c);
        if (own && s > table.first(c) && clock == table.clock(s) - 1) {
            return s - 1;
        }
        int of = own ? c : table.indexOfClient(client);
        int found = of < 0 ? NONE : table.structAt(of, clock);
        missing = found < 0;
        if (missing) {
            return NONE;
        }
        if (found >= next[of]) {
            neededClient = of;
            neededStruct = found;
            return NONE;
        }
        return found;
    }

    private boolean isCollected(int s) {
        return s != NONE && table.has(s, StructTable.COLLECTED);
    }

    /** Whether a parent holds nothing: it is deleted, or not a type. */
    private boolean isDead(int s) {
        return s != NONE
                && (isCollected(s)
                        || table.has(s, StructTable.DELETED)
                        || (table.info(s) & StructReader.KIND) != StructReader.TYPE);
    }

    private boolean isKeyed(int s, int origin, int right) {
        int inheritedFrom = origin != NONE ? origin : right;
        return inheritedFrom != NONE
                ? table.has(inheritedFrom, StructTable.KEYED)
                : (table.info(s) & StructReader.HAS_KEY) != 0;
    }
}
