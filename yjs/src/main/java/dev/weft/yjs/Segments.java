package dev.weft.yjs;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The segments of updates that are being merged: structs of one client, in one update, without a gap between them. A table
 * of primitive arrays, one entry in each for a segment, in the order in which the updates hold them.
 */
final class Segments {
    private final List<byte[]> updates;
    /** For each update the index of its structs, if it has one. */
    private final @Nullable IndexTable[] indexes;

    private int[] update;
    private long[] client;
    private long[] clock;
    private long[] clockAfter;
    private int[] start;
    private int[] lastStart;
    private int[] end;
    private int[] structs;
    private int size;

    Segments(List<byte[]> updates) {
        this.updates = updates;
        indexes = new IndexTable[updates.size()];
        int capacity = updates.size() + 4;
        update = new int[capacity];
        client = new long[capacity];
        clock = new long[capacity];
        clockAfter = new long[capacity];
        start = new int[capacity];
        lastStart = new int[capacity];
        end = new int[capacity];
        structs = new int[capacity];
    }

    /** Adds the segments of one of the updates from its index. */
    void add(int index, IndexTable table) {
        indexes[index] = table;
        for (int r = 0; r < table.runs(); r++) {
            open(index, table.client(table.block(r)), table.clock(r), table.from(r));
            int s = size - 1;
            clockAfter[s] = table.clockAfter(r);
            lastStart[s] = table.last(r);
            end[s] = table.to(r);
            structs[s] = table.entries(r);
        }
    }

    /** Adds the segments of one of the updates. The reader is at its beginning, and afterwards its input at the delete set. */
    void scan(int index, StructReader reader) {
        while (reader.nextBlock()) {
            int count = 0;
            int last = 0;
            int to = 0;
            long after = 0;
            while (reader.next()) {
                if (reader.kind() == StructReader.SKIP) {
                    close(count, after, last, to);
                    count = 0;
                    continue;
                }
                if (count == 0) {
                    open(index, reader.client, reader.clock, reader.start);
                }
                count += reader.structsLeft() + 1;
                reader.passCommon(Input.MAX_INTEGER);
                count -= reader.structsLeft();
                last = reader.start;
                to = reader.end;
                after = reader.clockAfter();
            }
            close(count, after, last, to);
        }
    }

    /** Ends the last segment, if {@code count} says that one was begun. */
    private void close(int count, long after, int last, int to) {
        if (count > 0) {
            int s = size - 1;
            clockAfter[s] = after;
            lastStart[s] = last;
            end[s] = to;
            structs[s] = count;
        }
    }

    private void open(int index, long ofClient, long firstClock, int firstStart) {
        if (size == update.length) {
            int capacity = size * 2;
            update = Arrays.copyOf(update, capacity);
            client = Arrays.copyOf(client, capacity);
            clock = Arrays.copyOf(clock, capacity);
            clockAfter = Arrays.copyOf(clockAfter, capacity);
            start = Arrays.copyOf(start, capacity);
            lastStart = Arrays.copyOf(lastStart, capacity);
            end = Arrays.copyOf(end, capacity);
            structs = Arrays.copyOf(structs, capacity);
        }
        update[size] = index;
        client[size] = ofClient;
        clock[size] = firstClock;
        start[size] = firstStart;
        size++;
    }

    int size() {
        return size;
    }

    /** The number of the update that holds segment {@code s}. */
    int update(int s) {
        return update[s];
    }

    byte[] bytes(int s) {
        return updates.get(update[s]);
    }

    long client(int s) {
        return client[s];
    }

    long clock(int s) {
        return clock[s];
    }

    long clockAfter(int s) {
        return clockAfter[s];
    }

    int start(int s) {
        return start[s];
    }

    int end(int s) {
        return end[s];
    }

    int structs(int s) {
        return structs[s];
    }

    /** A reader before the struct of segment {@code s} that holds a clock, and perhaps some or all earlier ones. */
    StructReader readerBefore(int s, long soughtClock) {
        byte[] bytes = bytes(s);
        IndexTable index = indexes[update[s]];
        if (index != null) {
            return IndexWalk.structsFrom(bytes, index, index.runAt(start[s]), soughtClock);
        }
        return StructReader.inside(Input.trusting(bytes, start[s], end[s]), client[s], clock[s], structs[s]);
    }

    boolean endsWithGc(int s) {
        return bytes(s)[lastStart[s]] == StructReader.GC;
    }

    /** Where the last struct begins. */
    int lastStart(int s) {
        return lastStart[s];
    }

    /** Orders segments by their beginnings: clients descending, clocks ascending. */
    int compare(int a, int b) {
        return client[a] != client[b] ? Long.compare(client[b], client[a]) : Long.compare(clock[a], clock[b]);
    }

    /** Whether the next segment is of the same client in the same update, and begins where this one has ended. */
    boolean isFollowed(int s) {
        return s + 1 < size
                && update[s + 1] == update[s]
                && client[s + 1] == client[s]
                && clock[s + 1] >= clockAfter[s];
    }

    /** Drops what a segment has before the current struct of {@code reader}, which reads it. */
    void beginAt(int s, StructReader reader) {
        clock[s] = reader.clock;
        start[s] = reader.start;
        structs[s] = reader.structsLeft() + 1;
    }

    /** All segments, clients descending, clocks ascending, ties as they came. */
    int[] order() {
        return ClientClockOrder.of(client, clock, size);
    }
}
