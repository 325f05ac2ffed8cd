package dev.weft.yjs;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A delete set as it stands in an update, in canonical form: clients descending, the ranges of a client ascending, neither
 * overlapping nor touching, no integer longer than needed. It is walked where it lies; a few numbers for each client are all
 * that is kept beside the bytes. {@link DeleteSetReader} has the grammar. Immutable.
 */
final class DeleteSet {
    private static final DeleteSet EMPTY = new DeleteSet(new byte[] {0}, 0, 1, new long[0], new int[0], new int[0]);

    private final byte[] bytes;
    private final int from;
    private final int to;
    private final long[] client;
    /** Where the ranges of each client begin, and how many they are. */
    private final int[] start;

    private final int[] ranges;

    private DeleteSet(byte[] bytes, int from, int to, long[] client, int[] start, int[] ranges) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        this.client = client;
        this.start = start;
        this.ranges = ranges;
    }

    static DeleteSet empty() {
        return EMPTY;
    }

    static DeleteSet of(RangeSet set) {
        Output out = new Output(16);
        set.writeDeleteSet(out);
        return of(out);
    }

    private static DeleteSet of(Output canonical) {
        DeleteSet set = readIfCanonical(Input.trusting(canonical.array(), 0, canonical.size()));
        if (set == null) {
            throw new IllegalStateException("not canonical");
        }
        return set;
    }

    /** Reads a delete set to its end. @return null if it is not in canonical form */
    static @Nullable DeleteSet readIfCanonical(Input in) {
        int from = in.position();
        DeleteSetReader reader = new DeleteSetReader(in);
        long[] client = new long[4];
        int[] start = new int[4];
        int[] ranges = new int[4];
        int clients = 0;
        long knownTo = -1;
        long canonicalSize = 0;
        boolean canonical = true;
        for (int before = in.position(); reader.next(); before = in.position()) {
            if (clients == 0 || reader.client != client[clients - 1]) {
                if (clients == client.length) {
                    client = Arrays.copyOf(client, clients * 2);
                    start = Arrays.copyOf(start, clients * 2);
                    ranges = Arrays.copyOf(ranges, clients * 2);
                }
                client[clients] = reader.client;
                start[clients] = Varints.end(in.bytes(), Varints.end(in.bytes(), before));
                ranges[clients] = 0;
                clients++;
                knownTo = -1;
            }
            canonical &= reader.clock > knownTo;
            knownTo = reader.clockAfter();
            ranges[clients - 1]++;
            canonicalSize += Output.varUintSize(reader.clock) + Output.varUintSize(reader.length);
        }
        canonicalSize += Output.varUintSize(clients);
        for (int c = 0; c < clients; c++) {
            canonicalSize += Output.varUintSize(client[c]) + Output.varUintSize(ranges[c]);
        }
        if (!canonical || !reader.isCanonical() || canonicalSize != in.position() - from) {
            return null;
        }
        return new DeleteSet(
                in.bytes(),
                from,
                in.position(),
                Arrays.copyOf(client, clients),
                Arrays.copyOf(start, clients),
                Arrays.copyOf(ranges, clients));
    }

    boolean isEmpty() {
        return client.length == 0;
    }

    /** What either has. Linear in both. */
    DeleteSet union(DeleteSet that) {
        if (isEmpty() || that.isEmpty()) {
            return isEmpty() ? that : this;
        }
        Output clients = new Output(to - from + that.to - that.from);
        int count = 0;
        Output united = new Output(16);
        int left = 0;
        int right = 0;
        while (left < client.length || right < that.client.length) {
            long leftId = left < client.length ? client[left] : -1;
            long rightId = right < that.client.length ? that.client[right] : -1;
            long id = Math.max(leftId, rightId);
            united.clear();
            int ranges = unite(
                    leftId == id ? cursor(left++) : new Cursor(bytes, 0, 0),
                    rightId == id ? that.cursor(right++) : new Cursor(bytes, 0, 0),
                    united);
            clients.varUint(id).varUint(ranges).copy(united);
            count++;
        }
        return of(new Output(clients.size() + 5).varUint(count).copy(clients));
    }

    /** Writes the ranges of one client that either has. @return how many they are */
    private static int unite(Cursor left, Cursor right, Output out) {
        int ranges = 0;
        long lowest = Math.min(left.from(), right.from());
        while (lowest < Long.MAX_VALUE) {
            long end = lowest;
            while (left.from() <= end || right.from() <= end) {
                end = Math.max(end, left.from() <= end ? left.to() : right.to());
                left.seek(end);
                right.seek(end);
            }
            out.varUint(lowest).varUint(end - lowest);
            ranges++;
            lowest = Math.min(left.from(), right.from());
        }
        return ranges;
    }

    void writeTo(Assembly out) {
        out.copy(bytes, from, to);
    }

    /** The ranges of one client, to be walked along with its structs. */
    Cursor cursor(long of) {
        int low = 0;
        int high = client.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (client[middle] == of) {
                return cursor(middle);
            }
            if (client[middle] > of) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return new Cursor(bytes, 0, 0);
    }

    private Cursor cursor(int c) {
        return new Cursor(bytes, start[c], ranges[c]);
    }

    /** Walks the ranges of one client in ascending order. Not thread-safe. */
    static final class Cursor {
        private final byte[] bytes;
        private int position;
        private int left;
        private long from;
        private long to = -1;

        private Cursor(byte[] bytes, int position, int left) {
            this.bytes = bytes;
            this.position = position;
            this.left = left;
            next();
        }

        private void next() {
            if (left == 0) {
                from = Long.MAX_VALUE;
                to = Long.MAX_VALUE;
                return;
            }
            left--;
            from = Varints.read(bytes, position);
            position = Varints.end(bytes, position);
            to = from + Varints.read(bytes, position);
            position = Varints.end(bytes, position);
        }

        /** Goes on to the first range that ends after {@code clock}. Clocks must ascend from call to call. */
        void seek(long clock) {
            while (to <= clock) {
                next();
            }
        }

        /** Where the current range begins; beyond every clock if there is none. */
        long from() {
            return from;
        }

        /** Where the current range ends; beyond every clock if there is none. */
        long to() {
            return to;
        }
    }
}
