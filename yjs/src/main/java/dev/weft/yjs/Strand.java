package dev.weft.yjs;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The structs of one client in one or more updates, walked in the order of their clocks, each clock once; and those of them that go into the
 * piece which is being made, as byte ranges. Not thread-safe.
 */
final class Strand {
    private static final int NO_PIECE = -1;

    private final Segments segments;
    /** The segments of all clients, sorted; those from {@code next} up to {@code end} are still to be walked. */
    private final int[] order;

    private final int end;
    private int next;

    /** Reads the current segment; null before the first one and between two. */
    private @Nullable StructReader reader;

    private byte[] bytes = {};
    private int segment;
    private boolean hasCurrent;

    // The block of the piece that is being made.
    private int piece = NO_PIECE;
    private long firstClock;
    private long structs;
    private byte[][] source = new byte[1][];
    private int[] from = new int[1];
    private int[] to = new int[1];
    private int ranges;

    Strand(Segments segments, int[] order, int next, int end) {
        this.segments = segments;
        this.order = order;
        this.next = next;
        this.end = end;
    }

    /**
     * Goes to the next struct that reaches beyond a clock.
     *
     * @param known at least the clock after the current struct
     * @return the reader that stands at the struct; null if there is no more, or clocks are missing before it
     */
    @Nullable
    StructReader advance(long known) {
        hasCurrent = false;
        while (true) {
            StructReader walk = reader;
            while (walk != null && walk.next()) {
                if (walk.clockAfter() > known) {
                    hasCurrent = true;
                    return walk;
                }
            }
            reader = null;
            passKnown(known);
            if (next == end || segments.clock(order[next]) > known) {
                return null;
            }
            open(known);
        }
    }

    private void passKnown(long known) {
        while (next < end && segments.clockAfter(order[next]) <= known) {
            next++;
        }
    }

    private void open(long known) {
        segment = order[next++];
        bytes = segments.bytes(segment);
        reader = segments.readerBefore(segment, known);
    }

    /** The reader at the current struct, if {@link #advance} has found one. */
    @Nullable
    StructReader current() {
        return hasCurrent ? reader : null;
    }

    /** The array that the current struct lies in. */
    byte[] bytes() {
        return bytes;
    }

    /** Whether structs are left, which {@link #advance} found none before. */
    boolean hasRest() {
        return hasCurrent || next < end;
    }

    boolean isIn(int number) {
        return piece == number;
    }

    /** Begins the client's block in a piece. */
    void begin(int number, long clock) {
        piece = number;
        firstClock = clock;
        structs = 0;
        ranges = 0;
    }

    /** Adds the current struct to the block, from a clock on. @return its bytes there */
    int take(StructReader current, long fromClock) {
        structs++;
        if (fromClock <= current.clock) {
            return add(bytes, current.start, current.end);
        }
        Output part = new Output(current.end - current.start + 16);
        Slice.write(part, bytes, current, fromClock - current.clock);
        return add(part.array(), 0, part.size());
    }

    /** Adds all that is left to the block, with Skip structs where clocks are missing. */
    void takeRest(long known) {
        long at = known;
        StructReader walk = current();
        while (walk != null || next < end) {
            if (walk != null) {
                take(walk, at);
                if (walk.structsLeft() > 0) {
                    structs += walk.structsLeft();
                    add(bytes, walk.end, segments.end(segment));
                }
                at = segments.clockAfter(segment);
                reader = null;
            }
            walk = advance(at);
            if (walk == null && next < end) {
                long clock = segments.clock(order[next]);
                if (structs == 0) {
                    firstClock = clock;
                } else {
                    skip(clock - at);
                }
                at = clock;
            }
        }
    }

    private void skip(long clocks) {
        Output struct = new Output(16);
        struct.uint8(StructReader.SKIP).varUint(clocks);
        structs++;
        add(struct.array(), 0, struct.size());
    }

    @SuppressWarnings("ReferenceEquality") // ranges are joined when they lie in the very same array, whatever is in it
    private int add(byte[] array, int start, int stop) {
        int last = ranges - 1;
        if (last >= 0 && source[last] == array && to[last] == start) {
            to[last] = stop;
            return stop - start;
        }
        if (ranges == source.length) {
            source = Arrays.copyOf(source, 2 * ranges);
            from = Arrays.copyOf(from, 2 * ranges);
            to = Arrays.copyOf(to, 2 * ranges);
        }
        source[ranges] = array;
        from[ranges] = start;
        to[ranges] = stop;
        ranges++;
        return stop - start;
    }

    /** Writes the block. */
    void write(Gather gather, long client) {
        int mark = gather.scratch().size();
        gather.scratch().varUint(structs).varUint(client).varUint(firstClock);
        gather.commit(mark);
        for (int i = 0; i < ranges; i++) {
            gather.copy(source[i], from[i], to[i]);
        }
        Arrays.fill(source, 0, ranges, null);
    }
}
