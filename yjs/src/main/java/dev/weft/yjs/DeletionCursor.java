package dev.weft.yjs;

/**
 * A walk over the deletions of one client in an indexed update, which jumps from checkpoint to checkpoint where it can. They are
 * canonical: ascending, neither overlapping nor touching. Fields describe the current one. Not thread-safe.
 */
final class DeletionCursor {
    private final byte[] bytes;
    private final IndexTable table;
    private final int run;
    private DeleteSetReader reader;
    private boolean isAtEnd;

    /** At the first deletion of run {@code r} that ends at {@code clock} or later. */
    DeletionCursor(byte[] bytes, IndexTable table, int r, long clock) {
        this.bytes = bytes;
        this.table = table;
        this.run = r;
        reader = IndexWalk.deletions(bytes, table, r, placeBefore(clock));
        next();
        seek(clock);
    }

    /** Where the current deletion begins, in clocks; beyond every clock if there is none. */
    long from() {
        return isAtEnd ? Long.MAX_VALUE : reader.clock;
    }

    /** Where it ends, in clocks; beyond every clock if there is none. */
    long to() {
        return isAtEnd ? Long.MAX_VALUE : reader.clockAfter();
    }

    /** Its first byte, or the end of the run. */
    int start() {
        return isAtEnd ? table.to(run) : reader.start;
    }

    void next() {
        isAtEnd = !reader.next();
    }

    /** Goes on to the first deletion that ends at {@code clock} or later. */
    void seek(long clock) {
        if (to() >= clock) {
            return;
        }
        if (clock > table.clockAfter(run)) {
            isAtEnd = true;
            return;
        }
        int place = placeBefore(clock);
        if (place >= table.firstPlace(run) && table.places().offset(place) > reader.start) {
            reader = IndexWalk.deletions(bytes, table, run, place);
            next();
        }
        while (to() < clock) {
            next();
        }
    }

    /** The last checkpoint at a deletion that begins before a clock: none of those before it reaches the clock, for they do not touch it. */
    private int placeBefore(long clock) {
        return table.places().lastUpToClock(table.firstPlace(run), table.firstPlace(run + 1), clock - 1);
    }
}
