package dev.weft.yjs;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A table of all structs of an update that has no gap: where each lies, its clock and its marks, 13 bytes a struct in
 * primitive arrays. Clients descending, clocks ascending; after the last struct of each client stands an end mark, an entry
 * with the clock and the position where they end. Only the marks change. Not thread-safe.
 */
final class StructTable {
    /** A GC struct, or an item that becomes one. */
    static final byte COLLECTED = 1;
    /** All of its clocks are deleted. */
    static final byte DELETED = 2;
    /** Some of its clocks are deleted. */
    static final byte PARTLY_DELETED = 4;
    /** It has a key (parentSub), its own or inherited. */
    static final byte KEYED = 8;
    /** Its last clock is the origin of a struct other than the next one of its client. */
    static final byte ORIGIN_OF_ANOTHER = 16;
    /** Its first clock is the right origin of another struct. */
    static final byte RIGHT_ORIGIN_OF_ANOTHER = 32;

    final byte[] bytes;
    /** The delete set of the update. */
    RangeSet deletions = new RangeSet.Builder().build();

    private int clientCount;
    private long[] client = new long[4];
    /** The structs of client {@code c} are those from {@code first[c]} up to its end mark, before {@code first[c + 1]}. */
    private int[] first = new int[5];

    private int size;
    private int[] start = new int[0];
    private long[] clock = new long[0];
    private byte[] marks = new byte[0];

    private StructTable(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The table of an update; null if clocks are missing in it, or its clients are not in descending order. */
    static @Nullable StructTable of(byte[] update) {
        StructTable table = new StructTable(update);
        Input in = Input.trusting(update);
        if (!table.scan(StructReader.of(in))) {
            return null;
        }
        RangeSet.Builder deleted = new RangeSet.Builder();
        deleted.addDeleteSet(in);
        in.expectEnd();
        table.deletions = deleted.build();
        for (int c = 0; c < table.clientCount; c++) {
            table.markDeleted(c);
        }
        return table;
    }

    private boolean scan(StructReader reader) {
        long previous = Long.MAX_VALUE;
        while (reader.nextBlock()) {
            int structs = reader.structsLeft();
            if (structs == 0) {
                continue;
            }
            if (reader.client >= previous) {
                return false;
            }
            previous = reader.client;
            reserve(structs + 1);
            while (reader.next()) {
                boolean startsLate = reader.structsLeft() == structs - 1 && reader.clock > 0;
                if (startsLate || reader.kind() == StructReader.SKIP) {
                    return false;
                }
                byte mark = switch (reader.kind()) {
                    case StructReader.GC -> COLLECTED;
                    case StructReader.DELETED -> DELETED;
                    default -> 0;
                };
                add(reader.start, reader.clock, mark);
            }
            add(reader.end, reader.clockAfter(), (byte) 0);
            addClient(reader.client);
        }
        return true;
    }

    private void reserve(int more) {
        if (more > start.length - size) {
            int capacity = Math.clamp(size + (long) Math.max(more, size / 2), 0, Output.MAX_SIZE);
            start = Arrays.copyOf(start, capacity);
            clock = Arrays.copyOf(clock, capacity);
            marks = Arrays.copyOf(marks, capacity);
        }
    }

    private void add(int at, long from, byte mark) {
        start[size] = at;
        clock[size] = from;
        marks[size] = mark;
        size++;
    }

    private void addClient(long id) {
        if (clientCount == client.length) {
            client = Arrays.copyOf(client, clientCount * 2);
            first = Arrays.copyOf(first, clientCount * 2 + 1);
        }
        client[clientCount++] = id;
        first[clientCount] = size;
    }

    private void markDeleted(int c) {
        RangeSet.Cursor deleted = deletions.cursor(client[c]);
        for (int s = first[c]; s < endMark(c); s++) {
            deleted.seek(clock[s]);
            if (deleted.from() < clock[s + 1] && marks[s] == 0) {
                boolean whole = deleted.from() <= clock[s] && deleted.to() >= clock[s + 1];
                marks[s] = whole ? DELETED : PARTLY_DELETED;
            }
        }
    }

    int clientCount() {
        return clientCount;
    }

    long client(int c) {
        return client[c];
    }

    /** The first struct of client {@code c}. */
    int first(int c) {
        return first[c];
    }

    /** The end mark of client {@code c}. */
    int endMark(int c) {
        return first[c + 1] - 1;
    }

    int start(int s) {
        return start[s];
    }

    /** Where struct {@code s} ends. */
    int end(int s) {
        return start[s + 1];
    }

    long clock(int s) {
        return clock[s];
    }

    /** The clock after struct {@code s}. */
    long clockAfter(int s) {
        return clock[s + 1];
    }

    int info(int s) {
        return bytes[start[s]] & 0xff;
    }

    boolean has(int s, byte mark) {
        return (marks[s] & mark) != 0;
    }

    void mark(int s, byte mark) {
        marks[s] |= mark;
    }

    /** The number of a client by its id; negative if it has no struct. */
    int indexOfClient(long id) {
        int low = 0;
        int high = clientCount - 1;
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

    /** The struct of client {@code c} that holds a clock; negative if none does. */
    int structAt(int c, long at) {
        int low = first[c];
        int high = endMark(c);
        if (at >= clock[high]) {
            return -1;
        }
        // clock[low] <= at < clock[high], because the clocks of a client begin at 0.
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (clock[middle] <= at) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
