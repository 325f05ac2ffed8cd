package dev.weft.yjs;

import org.jspecify.annotations.Nullable;

/**
 * A table of all structs of a document, which may lie in several updates: where each lies, its clock and its marks, 13 bytes
 * a struct in primitive arrays, one row each. Clients descending, clocks ascending and without a gap.
 *
 * <p>After the last struct of each client stands an end mark, a row with the clock where they end; so the clocks of struct
 * {@code s} end where row {@code s + 1} begins. A <em>segment</em> is a stretch of rows of one client whose structs lie one
 * after the other in one update; so do their bytes, up to the end of the segment. Only the marks change. Not thread-safe.
 */
final class StructTable {
    /** A GC struct, or an item that becomes one. */
    static final byte COLLECTED = 1;
    /** All of its clocks are deleted. */
    static final byte DELETED = 2;
    /** Some of its clocks are deleted. */
    static final byte PARTLY_DELETED = 4;
    /** Of what is not collected: it has a key (parentSub), its own or inherited. */
    static final byte KEYED = 8;
    /** Of what is collected: it is an item for a document that has not seen yet that a type around it is deleted. */
    static final byte COLLECTED_WITH_PARENT = 8;
    /** Its last clock is the origin of a struct other than the next one of its client. */
    static final byte ORIGIN_OF_ANOTHER = 16;
    /** Its first clock is the right origin of another struct. */
    static final byte RIGHT_ORIGIN_OF_ANOTHER = 32;
    /** An item with a type in it. */
    static final byte TYPE = 64;
    /** Its origin is the last clock of the struct before it, an item, and both have the same right origin. */
    static final byte FOLLOWS = -128;

    /** For each row where its struct begins in the update of its segment, its first clock, and its marks. */
    final int[] start;

    final long[] clock;
    final byte[] marks;

    private final long[] client;
    /** The segments of client {@code c} are those from {@code firstSegment[c]} up to {@code firstSegment[c + 1]}. */
    private final int[] firstSegment;
    /** For each segment its first row and the row after its last, its update and where its bytes end in that. */
    private final int[] firstRow;

    private final int[] endRow;
    private final byte[][] source;
    private final int[] end;
    /** For each client where its clocks end, and once something was looked up, its bits if they are worth it. */
    private final long[] endClock;

    private final @Nullable ClockBits[] bits;

    /** Arguments become the table's own. Those that are final are filled by the {@link StructScan}. */
    StructTable(int[] start, long[] clock, byte[] marks, long[] client, int[] firstSegment) {
        this.start = start;
        this.clock = clock;
        this.marks = marks;
        this.client = client;
        this.firstSegment = firstSegment;
        int segments = firstSegment[client.length];
        firstRow = new int[segments];
        endRow = new int[segments];
        source = new byte[segments][];
        end = new int[segments];
        endClock = new long[client.length];
        bits = new ClockBits[client.length];
    }

    /** Fills in segment {@code g} of client {@code c}. Those of a client come in their order. */
    void setSegment(int g, int c, int first, int endOfRows, byte[] update, int endInUpdate) {
        firstRow[g] = first;
        endRow[g] = endOfRows;
        source[g] = update;
        end[g] = endInUpdate;
        endClock[c] = clock[endOfRows];
    }

    int clientCount() {
        return client.length;
    }

    long client(int c) {
        return client[c];
    }

    /** The first segment of client {@code c}; that of the client after the last is the number of segments. */
    int firstSegment(int c) {
        return firstSegment[c];
    }

    /** The update in which the structs of segment {@code g} lie. */
    byte[] source(int g) {
        return source[g];
    }

    /** Where the bytes of segment {@code g} end. */
    int end(int g) {
        return end[g];
    }

    int firstRow(int g) {
        return firstRow[g];
    }

    /** The row after the last of segment {@code g}. */
    int endRow(int g) {
        return endRow[g];
    }

    /** The first row of client {@code c}. */
    int firstRowOf(int c) {
        return firstRow[firstSegment[c]];
    }

    /** The end mark of client {@code c}. */
    int endMark(int c) {
        return endRow[firstSegment[c + 1] - 1];
    }

    /** Marks what a delete set deletes. */
    void markDeleted(DeleteSet deletions) {
        for (int c = 0; c < client.length; c++) {
            DeleteSet.Cursor deleted = deletions.cursor(client[c]);
            int end = endMark(c);
            for (int row = firstRowOf(c); row < end; row++) {
                long after = clock[row + 1];
                deleted.seek(clock[row]);
                if (deleted.from() < after && (marks[row] & (COLLECTED | DELETED)) == 0) {
                    boolean whole = deleted.from() <= clock[row] && deleted.to() >= after;
                    marks[row] |= whole ? DELETED : PARTLY_DELETED;
                }
            }
        }
    }

    /** The number of a client by its id; negative if it has no struct. */
    int indexOfClient(long id) {
        int low = 0;
        int high = client.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (client[middle] == id) {
                return middle;
            }
            if (client[middle] > id) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    /** The row of client {@code c} whose struct holds a clock; negative if none does. */
    int rowAt(int c, long at) {
        if (at >= endClock[c]) {
            return -1;
        }
        ClockBits found = bits[c];
        return found != null ? found.rowAt(at) : search(c, at);
    }

    /**
     * Whether the struct of a row of client {@code c} begins at a clock, which is its first or, if the row is an end mark, where they end;
     * else it begins before.
     */
    boolean begins(int c, int row, long at) {
        ClockBits found = bits[c];
        return found != null ? found.isBegin(at) : clock[row] == at;
    }

    private int search(int c, long at) {
        int low = firstRowOf(c);
        int end = endMark(c);
        if (ClockBits.fits(endClock[c], end - low)) {
            ClockBits made = new ClockBits(clock, low, end);
            bits[c] = made;
            return made.rowAt(at);
        }
        // clock[low] <= at < clock[end], because the clocks of a client begin at 0.
        while (end - low > 1) {
            int middle = (low + end) >>> 1;
            if (clock[middle] <= at) {
                low = middle;
            } else {
                end = middle;
            }
        }
        return low;
    }
}
