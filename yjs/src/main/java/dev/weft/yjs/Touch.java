package dev.weft.yjs;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What one transaction does to the structs of one client: the state before and after, and the clocks that it deletes. */
final class Touch {
    final Transaction transaction;
    final ClientStructs owner;
    final long before;
    /** The state when the transaction ended; until then, that before. */
    long after;

    /** What an earlier transaction that is not finished does to the client. */
    final @Nullable Touch earlier;

    private long[] from = {};
    private long[] to = {};
    private int ranges;

    Touch(Transaction transaction, ClientStructs owner, @Nullable Touch earlier) {
        this.transaction = transaction;
        this.owner = owner;
        this.before = owner.state();
        this.after = before;
        this.earlier = earlier;
    }

    boolean hasDeletions() {
        return ranges > 0;
    }

    int ranges() {
        return ranges;
    }

    long from(int range) {
        return from[range];
    }

    long to(int range) {
        return to[range];
    }

    /** Adds {@code [start, end)}; joined at once where it goes on or ends where the last one did. */
    void delete(long start, long end) {
        if (ranges > 0 && to[ranges - 1] == start) {
            to[ranges - 1] = end;
            return;
        }
        if (ranges == from.length) {
            int capacity = Math.max(2, 2 * ranges);
            from = Arrays.copyOf(from, capacity);
            to = Arrays.copyOf(to, capacity);
        }
        from[ranges] = start;
        to[ranges] = end;
        ranges++;
    }

    /** Sorts the ranges and joins those that touch. */
    void sortDeletions() {
        if (isSorted()) {
            return;
        }
        int[] order = ClientClockOrder.of(new long[ranges], from, ranges);
        long[] starts = new long[ranges];
        long[] ends = new long[ranges];
        int kept = 0;
        for (int i : order) {
            if (kept > 0 && ends[kept - 1] >= from[i]) {
                ends[kept - 1] = Math.max(ends[kept - 1], to[i]);
            } else {
                starts[kept] = from[i];
                ends[kept] = to[i];
                kept++;
            }
        }
        from = starts;
        to = ends;
        ranges = kept;
    }

    private boolean isSorted() {
        for (int i = 1; i < ranges; i++) {
            if (from[i] <= to[i - 1]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the transaction deletes a clock; the deletions are sorted. */
    boolean deletes(long clock) {
        int at = Arrays.binarySearch(from, 0, ranges, clock);
        int candidate = at >= 0 ? at : -at - 2;
        return candidate >= 0 && clock < to[candidate];
    }

    void writeDeletions(Output out) {
        out.varUint(owner.client).varUint(ranges);
        for (int i = 0; i < ranges; i++) {
            out.varUint(from[i]).varUint(to[i] - from[i]);
        }
    }
}
