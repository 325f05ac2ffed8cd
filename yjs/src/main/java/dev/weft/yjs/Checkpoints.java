package dev.weft.yjs;

import java.util.Arrays;

/**
 * Places in an update at which a walk over structs, or over deletions, can begin: for each its byte, the clock that begins
 * there, and how many entries of the run come before it. Those of a run lie one after the other, ascending. Immutable.
 */
final class Checkpoints {
    /**
     * A walk from one place to the next passes at most that many entries: it takes about a microsecond, and the places take
     * some tenths of a per cent of the update.
     */
    static final int SPACING = 64;

    private final int[] offset;
    private final long[] clock;
    private final int[] entry;

    private Checkpoints(int[] offset, long[] clock, int[] entry) {
        this.offset = offset;
        this.clock = clock;
        this.entry = entry;
    }

    int size() {
        return offset.length;
    }

    int offset(int i) {
        return offset[i];
    }

    long clock(int i) {
        return clock[i];
    }

    /** How many entries of its run come before place {@code i}. */
    int entry(int i) {
        return entry[i];
    }

    /** The last of the places {@code [from, to)} whose clock is at most {@code limit}; {@code from - 1} if none is. */
    int lastUpToClock(int from, int to, long limit) {
        int at = Arrays.binarySearch(clock, from, to, limit);
        return at >= 0 ? at : -at - 2;
    }

    /** The last of the places {@code [from, to)} whose byte is at most {@code limit}; {@code from - 1} if none is. */
    int lastUpToOffset(int from, int to, int limit) {
        int at = Arrays.binarySearch(offset, from, to, limit);
        return at >= 0 ? at : -at - 2;
    }

    /** Chooses among places in ascending order, run after run. */
    static final class Builder {
        private int[] offset = new int[16];
        private long[] clock = new long[16];
        private int[] entry = new int[16];
        private int size;
        /** Where the run that is being built, or the last place of it that is kept for sure, begins. */
        private int lastKept;

        private int lastOffered;
        private boolean isPending;

        int size() {
            return size;
        }

        /** Begins a run, whose first entry needs no place of its own. */
        void beginRun() {
            isPending = false;
            lastKept = 0;
            lastOffered = 0;
        }

        /** Whether it is time to offer a place after so many entries. */
        boolean isDue(int entriesBefore) {
            return untilDue(entriesBefore) <= 0;
        }

        /** How many more entries may come before it is. */
        int untilDue(int entriesBefore) {
            return lastOffered + SPACING - entriesBefore;
        }

        /**
         * Offers a place. It is kept unless the next one, or the end of the run, is near enough to the one before: so places
         * neither thin out nor crowd where an index is put together from parts of others.
         */
        void offer(int placeOffset, long placeClock, int placeEntry) {
            if (placeEntry == lastOffered) {
                return;
            }
            lastOffered = placeEntry;
            settle(placeEntry);
            keep(placeOffset, placeClock, placeEntry);
            isPending = true;
        }

        /** Keeps a place. */
        void keep(int placeOffset, long placeClock, int placeEntry) {
            if (size == offset.length) {
                offset = Arrays.copyOf(offset, size * 2);
                clock = Arrays.copyOf(clock, size * 2);
                entry = Arrays.copyOf(entry, size * 2);
            }
            offset[size] = placeOffset;
            clock[size] = placeClock;
            entry[size] = placeEntry;
            size++;
        }

        /** Ends a run after so many entries. */
        void endRun(int entries) {
            settle(entries);
            isPending = false;
        }

        private void settle(int nextEntry) {
            if (!isPending) {
                return;
            }
            if (nextEntry - lastKept <= SPACING) {
                size--;
            } else {
                lastKept = entry[size - 1];
            }
        }

        Checkpoints build() {
            return new Checkpoints(Arrays.copyOf(offset, size), Arrays.copyOf(clock, size), Arrays.copyOf(entry, size));
        }
    }
}
