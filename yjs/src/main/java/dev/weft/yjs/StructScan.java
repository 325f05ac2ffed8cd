package dev.weft.yjs;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one scan of updates from which a {@link StructTable} is made. Each update is read once, struct by struct; then its
 * segments are put into order. What comes a second time, as a whole segment, is left out. Not thread-safe.
 */
final class StructScan {
    private static final int NONE = -1;

    /** About what the structs of a text take that was typed without a break. */
    private static final int FEW_BYTES = 12;

    private final List<byte[]> updates;
    private final long allBytes;
    /** Of the updates before the one that is being scanned. */
    private long bytesBefore;

    /** The largest update, whose delete set stays where it is if it can. */
    private final int largest;

    private DeleteSet deletions = DeleteSet.empty();
    private final RangeSet.Builder otherDeletions = new RangeSet.Builder();

    private int rows;
    private int[] start;
    private long[] clock;
    private byte[] marks;

    // The segments in the order in which they were read, and their rows in the same order, with an end mark after each
    // block.
    private int segments;
    private int[] update;
    private long[] client;
    private int[] firstRow;
    private int[] endRow;
    private int[] end;
    private long[] clockAfter;

    private boolean hasDeleted;
    private boolean mayBeJoined;
    private boolean overlaps;

    StructScan(List<byte[]> updates) {
        this.updates = updates;
        largest = largest(updates);
        allBytes = updates.stream().mapToLong(update -> update.length).sum();
        int capacity = updates.size() + 4;
        update = new int[capacity];
        client = new long[capacity];
        firstRow = new int[capacity];
        endRow = new int[capacity];
        end = new int[capacity];
        clockAfter = new long[capacity];
        start = new int[2 * capacity];
        clock = new long[2 * capacity];
        marks = new byte[2 * capacity];
        for (int i = 0; i < updates.size(); i++) {
            Input in = Input.trusting(updates.get(i));
            scan(i, in);
            deletions(i, in);
            in.expectEnd();
            bytesBefore += updates.get(i).length;
        }
        deletions = deletions.union(DeleteSet.of(otherDeletions.build()));
    }

    private static int largest(List<byte[]> updates) {
        int largest = 0;
        for (int i = 1; i < updates.size(); i++) {
            if (updates.get(i).length > updates.get(largest).length) {
                largest = i;
            }
        }
        return largest;
    }

    private void deletions(int index, Input in) {
        if (index == largest) {
            int from = in.position();
            DeleteSet canonical = DeleteSet.readIfCanonical(in);
            if (canonical != null) {
                deletions = canonical;
                return;
            }
            in.rewind(from);
        }
        otherDeletions.addDeleteSet(in);
    }

    /** The deletions of all updates. */
    DeleteSet deletions() {
        return deletions;
    }

    /** Whether there are deletions, or deleted structs. */
    boolean mayBeCollected() {
        return hasDeleted || !deletions.isEmpty();
    }

    /** Whether there are two items that might become one, by their kinds. */
    boolean mayBeJoined() {
        return mayBeJoined;
    }

    /** Whether {@link #table} found segments that hold the same clocks in part, so that one would have to be cut. */
    boolean overlaps() {
        return overlaps;
    }

    private void scan(int index, Input in) {
        StructReader reader = StructReader.of(in);
        while (reader.nextBlock()) {
            reserve(reader.structsLeft(), in.position());
            int before = StructReader.SKIP;
            while (reader.next()) {
                int kind = reader.kind();
                if (kind != StructReader.SKIP) {
                    if (before == StructReader.SKIP) {
                        open(index, reader);
                    }
                    add(kind, before, reader);
                } else if (before != StructReader.SKIP) {
                    close(reader.start, reader.clock);
                }
                before = kind;
            }
            if (before != StructReader.SKIP) {
                close(reader.end, reader.clockAfter());
                clock[rows++] = reader.clockAfter();
            }
        }
    }

    private void add(int kind, int kindBefore, StructReader reader) {
        byte mark = 0;
        switch (kind) {
            case StructReader.GC -> mark = StructTable.COLLECTED;
            case StructReader.DELETED -> mark = StructTable.DELETED;
            case StructReader.TYPE -> mark = StructTable.TYPE;
            default ->
                mayBeJoined |= kind == kindBefore
                        && (reader.info & StructReader.HAS_ORIGIN) != 0
                        && HeldStruct.isJoinable(kind);
        }
        hasDeleted |= kind <= StructReader.DELETED;
        start[rows] = reader.start;
        clock[rows] = reader.clock;
        marks[rows] = mark;
        rows++;
    }

    /**
     * Makes room for the rows of a block and an end mark; if it is not the largest one yet, also for what is left, as if structs were as
     * long there as so far: arrays that only double are copied often, or are too large in the end. Structs of less than
     * {@link #FEW_BYTES} are not counted on.
     */
    private void reserve(int structs, int read) {
        int needed = Math.addExact(rows, structs + 1);
        if (needed > start.length) {
            int capacity = needed;
            if (structs < rows) {
                long before = bytesBefore + read;
                long expected = Math.min(rows * (allBytes - before) / before, (allBytes - before) / FEW_BYTES);
                capacity = Math.clamp(
                        Math.max(rows + expected + expected / 32, needed + needed / 4L), needed, Output.MAX_SIZE);
            }
            start = Arrays.copyOf(start, capacity);
            clock = Arrays.copyOf(clock, capacity);
            marks = Arrays.copyOf(marks, capacity);
        }
    }

    private void open(int index, StructReader reader) {
        if (segments == update.length) {
            int capacity = Math.clamp(segments * 2L, 4, Output.MAX_SIZE);
            update = Arrays.copyOf(update, capacity);
            client = Arrays.copyOf(client, capacity);
            firstRow = Arrays.copyOf(firstRow, capacity);
            endRow = Arrays.copyOf(endRow, capacity);
            end = Arrays.copyOf(end, capacity);
            clockAfter = Arrays.copyOf(clockAfter, capacity);
        }
        update[segments] = index;
        client[segments] = reader.client;
        firstRow[segments] = rows;
    }

    private void close(int endInUpdate, long after) {
        endRow[segments] = rows;
        end[segments] = endInUpdate;
        clockAfter[segments] = after;
        segments++;
    }

    /** The table of all structs; null if clocks are missing, or segments {@linkplain #overlaps overlap}. */
    @Nullable
    StructTable table() {
        int[] order = order();
        int kept = select(order);
        if (kept < 0) {
            return null;
        }
        int clients = 0;
        long[] clientIds = new long[kept];
        int[] firstSegment = new int[kept + 1];
        for (int i = 0; i < kept; i++) {
            if (i == 0 || client[order[i]] != client[order[i - 1]]) {
                clientIds[clients] = client[order[i]];
                firstSegment[clients++] = i;
            }
        }
        firstSegment[clients] = kept;
        arrange(order, kept, clients);
        StructTable table = new StructTable(
                start, clock, marks, Arrays.copyOf(clientIds, clients), Arrays.copyOf(firstSegment, clients + 1));
        int row = 0;
        for (int c = 0; c < clients; c++) {
            for (int i = firstSegment[c]; i < firstSegment[c + 1]; i++) {
                int g = order[i];
                int first = row;
                row += endRow[g] - firstRow[g];
                table.setSegment(i, c, first, row, updates.get(update[g]), end[g]);
            }
            row++; // the end mark
        }
        return table;
    }

    /** All segments, clients descending, clocks ascending. */
    private int[] order() {
        long[] clocks = new long[segments];
        for (int g = 0; g < segments; g++) {
            clocks[g] = clock[firstRow[g]];
        }
        return ClientClockOrder.of(client, clocks, segments);
    }

    /** Leaves in {@code order} the segments that make up the document. @return how many; negative if they cannot */
    private int select(int[] order) {
        int kept = 0;
        for (int g : order) {
            int before = kept > 0 && client[order[kept - 1]] == client[g] ? order[kept - 1] : NONE;
            long known = before == NONE ? 0 : clockAfter[before];
            long from = clock[firstRow[g]];
            if (from > known) {
                return NONE;
            }
            if (from < known && clockAfter[g] <= known) {
                continue;
            }
            if (from < known && from == clock[firstRow[before]]) {
                kept--; // This is the same and more.
            } else if (from < known) {
                overlaps = true;
                return NONE;
            }
            mayBeJoined |= before != NONE;
            order[kept++] = g;
        }
        return kept;
    }

    /** Puts the rows of the kept segments into their order, with an end mark after each client. */
    private void arrange(int[] order, int kept, int clients) {
        boolean isArranged = kept == segments && clients == segments;
        int size = clients;
        for (int i = 0; i < kept; i++) {
            isArranged &= order[i] == i;
            size += endRow[order[i]] - firstRow[order[i]];
        }
        if (!isArranged) {
            start = (int[]) arranged(start, new int[size], order, kept);
            marks = (byte[]) arranged(marks, new byte[size], order, kept);
            clock = (long[]) arranged(clock, new long[size], order, kept);
            int row = 0;
            for (int i = 0; i < kept; i++) {
                row += endRow[order[i]] - firstRow[order[i]];
                if (i == kept - 1 || client[order[i]] != client[order[i + 1]]) {
                    clock[row++] = clockAfter[order[i]];
                }
            }
        }
    }

    private Object arranged(Object from, Object to, int[] order, int kept) {
        int row = 0;
        for (int i = 0; i < kept; i++) {
            int g = order[i];
            row += i > 0 && client[g] != client[order[i - 1]] ? 1 : 0;
            int count = endRow[g] - firstRow[g];
            System.arraycopy(from, firstRow[g], to, row, count);
            row += count;
        }
        return to;
    }
}
