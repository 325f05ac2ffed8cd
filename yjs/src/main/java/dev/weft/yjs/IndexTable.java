package dev.weft.yjs;

import java.util.Arrays;

/**
 * Where the entries of one half of an update lie: its structs, or its deletions. The halves have the same shape, a number of
 * blocks (one for each client), each with a header and the entries. The entries of a block form <em>runs</em>, of structs
 * without a Skip between them; the deletions of a client form one run. Flat arrays; immutable.
 */
final class IndexTable {
    private final int start;
    private final int end;
    private final long[] client;
    private final int[] header;
    private final int[] entriesStart;
    private final int[] blockEntries;
    /** The runs of block {@code b} are those from {@code firstRun[b]} to {@code firstRun[b + 1]}. */
    private final int[] firstRun;

    private final int[] block;
    private final long[] clock;
    private final long[] clockAfter;
    private final int[] from;
    private final int[] last;
    private final int[] to;
    private final int[] before;
    private final int[] entries;
    /** The places of run {@code r} are those from {@code firstPlace[r]} to {@code firstPlace[r + 1]}. */
    private final int[] firstPlace;

    private final Checkpoints places;
    private final boolean isDescending;

    private IndexTable(Builder built) {
        int blocks = built.blocks;
        int runs = built.runs;
        start = built.start;
        end = built.end;
        client = Arrays.copyOf(built.client, blocks);
        header = Arrays.copyOf(built.header, blocks);
        entriesStart = Arrays.copyOf(built.entriesStart, blocks);
        blockEntries = Arrays.copyOf(built.blockEntries, blocks);
        firstRun = Arrays.copyOf(built.firstRun, blocks + 1);
        firstRun[blocks] = runs;
        block = Arrays.copyOf(built.block, runs);
        clock = Arrays.copyOf(built.clock, runs);
        clockAfter = Arrays.copyOf(built.clockAfter, runs);
        from = Arrays.copyOf(built.from, runs);
        last = Arrays.copyOf(built.last, runs);
        to = Arrays.copyOf(built.to, runs);
        before = Arrays.copyOf(built.before, runs);
        entries = Arrays.copyOf(built.entries, runs);
        firstPlace = Arrays.copyOf(built.firstPlace, runs + 1);
        firstPlace[runs] = built.places.size();
        places = built.places.build();
        isDescending = built.isDescending;
    }

    /** Where in the update this half begins: with the number of blocks. */
    int start() {
        return start;
    }

    int end() {
        return end;
    }

    int blocks() {
        return client.length;
    }

    long client(int b) {
        return client[b];
    }

    /** Where the header of block {@code b} begins, right after the block before. */
    int header(int b) {
        return header[b];
    }

    /** Where its entries begin. */
    int entriesStart(int b) {
        return entriesStart[b];
    }

    int blockEnd(int b) {
        return b + 1 < header.length ? header[b + 1] : end;
    }

    /** The entries of block {@code b}, Skip structs included. */
    int blockEntries(int b) {
        return blockEntries[b];
    }

    int firstRun(int b) {
        return firstRun[b];
    }

    /** Whether the clients of the blocks are in descending order, as Yjs writes them. */
    boolean isDescending() {
        return isDescending;
    }

    /** The block of a client, or -1. The blocks must be in descending order. */
    int blockOf(long wanted) {
        int low = 0;
        int high = client.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (client[middle] == wanted) {
                return middle;
            }
            if (client[middle] > wanted) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    int runs() {
        return clock.length;
    }

    /** The block that run {@code r} belongs to. */
    int block(int r) {
        return block[r];
    }

    long clock(int r) {
        return clock[r];
    }

    long clockAfter(int r) {
        return clockAfter[r];
    }

    /** Where the first entry of run {@code r} begins, its last one begins, and its last one ends. */
    int from(int r) {
        return from[r];
    }

    int last(int r) {
        return last[r];
    }

    int to(int r) {
        return to[r];
    }

    /** How many entries of its block come before run {@code r}, Skip structs included. */
    int before(int r) {
        return before[r];
    }

    int entries(int r) {
        return entries[r];
    }

    int firstPlace(int r) {
        return firstPlace[r];
    }

    Checkpoints places() {
        return places;
    }

    /** The first run of a block that reaches beyond a clock; the first one of the next block if none does. */
    int runBeyond(int b, long limit) {
        int low = firstRun[b];
        int high = firstRun[b + 1];
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (clockAfter[middle] > limit) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** The run that holds the byte at {@code offset}; -1 if none does, as in headers and Skip structs. */
    int runAt(int offset) {
        int at = Arrays.binarySearch(from, offset);
        int r = at >= 0 ? at : -at - 2;
        return r >= 0 && offset < to[r] ? r : -1;
    }

    /** Collects blocks and runs in the order of the update. */
    static final class Builder {
        private final int start;
        private int end;
        private int blocks;
        private int runs;
        private long[] client = new long[4];
        private int[] header = new int[4];
        private int[] entriesStart = new int[4];
        private int[] blockEntries = new int[4];
        private int[] firstRun = new int[5];
        private int[] block = new int[4];
        private long[] clock = new long[4];
        private long[] clockAfter = new long[4];
        private int[] from = new int[4];
        private int[] last = new int[4];
        private int[] to = new int[4];
        private int[] before = new int[4];
        private int[] entries = new int[4];
        private int[] firstPlace = new int[5];
        private final Checkpoints.Builder places = new Checkpoints.Builder();
        private boolean isOpen;
        private boolean isDescending = true;

        Builder(int start) {
            this.start = start;
        }

        int start() {
            return start;
        }

        /** Begins a block, whose header lies in front of its entries. */
        void beginBlock(long ofClient, int headerStart, int headerEnd) {
            endRun();
            if (blocks == client.length) {
                int capacity = blocks * 2;
                client = Arrays.copyOf(client, capacity);
                header = Arrays.copyOf(header, capacity);
                entriesStart = Arrays.copyOf(entriesStart, capacity);
                blockEntries = Arrays.copyOf(blockEntries, capacity);
                firstRun = Arrays.copyOf(firstRun, capacity + 1);
            }
            isDescending &= blocks == 0 || ofClient < client[blocks - 1];
            client[blocks] = ofClient;
            header[blocks] = headerStart;
            entriesStart[blocks] = headerEnd;
            blockEntries[blocks] = 0;
            firstRun[blocks] = runs;
            blocks++;
        }

        /** Passes Skip structs, which end a run. */
        void skip(int structs) {
            endRun();
            blockEntries[blocks - 1] += structs;
        }

        boolean isOpen() {
            return isOpen;
        }

        /** Begins a run in the current block. */
        void beginRun(int start, long firstClock) {
            if (runs == clock.length) {
                int capacity = runs * 2;
                block = Arrays.copyOf(block, capacity);
                clock = Arrays.copyOf(clock, capacity);
                clockAfter = Arrays.copyOf(clockAfter, capacity);
                from = Arrays.copyOf(from, capacity);
                last = Arrays.copyOf(last, capacity);
                to = Arrays.copyOf(to, capacity);
                before = Arrays.copyOf(before, capacity);
                entries = Arrays.copyOf(entries, capacity);
                firstPlace = Arrays.copyOf(firstPlace, capacity + 1);
            }
            block[runs] = blocks - 1;
            clock[runs] = firstClock;
            from[runs] = start;
            before[runs] = blockEntries[blocks - 1];
            entries[runs] = 0;
            firstPlace[runs] = places.size();
            places.beginRun();
            runs++;
            isOpen = true;
        }

        /** Entries of the current run so far. */
        int entries() {
            return entries[runs - 1];
        }

        /** Whether a place should be offered before the entry that comes next. */
        boolean isDue() {
            return places.isDue(entries());
        }

        /** How many entries may come before that. */
        int untilDue() {
            return places.untilDue(entries());
        }

        /** Offers a place before the entry that comes next, or before one of those that {@link #add} adds next. */
        void offer(int offset, long atClock, int entry) {
            places.offer(offset, atClock, entry);
        }

        /** Keeps a place, whatever lies around it. */
        void place(int offset, long atClock, int entry) {
            places.keep(offset, atClock, entry);
        }

        /** Adds entries to the current run: where the last of them begins and ends, and the clock after it. */
        void add(int lastStart, int lastEnd, long nextClock, int count) {
            int r = runs - 1;
            last[r] = lastStart;
            to[r] = lastEnd;
            clockAfter[r] = nextClock;
            entries[r] += count;
            blockEntries[blocks - 1] += count;
        }

        void endRun() {
            if (isOpen) {
                places.endRun(entries());
                isOpen = false;
            }
        }

        IndexTable build(int endOfHalf) {
            endRun();
            end = endOfHalf;
            return new IndexTable(this);
        }
    }
}
