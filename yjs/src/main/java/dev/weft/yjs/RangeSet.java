package dev.weft.yjs;

import java.util.Arrays;

/**
 * A set of clocks of many clients, as ranges: clients descending, the ranges of a client ascending, neither overlapping
 * nor touching. Three numbers a range and two a client. Immutable.
 */
final class RangeSet {
    /** This and its arrays, empty. */
    private static final int BYTES_OF_OBJECTS = 100;

    private final long[] clients;
    /** The ranges of client {@code i} are those from {@code first[i]} to {@code first[i + 1]}. */
    private final int[] first;

    private final long[] from;
    private final long[] to;

    private RangeSet(long[] clients, int[] first, long[] from, long[] to) {
        this.clients = clients;
        this.first = first;
        this.from = from;
        this.to = to;
    }

    boolean isEmpty() {
        return clients.length == 0;
    }

    /** Whether all clocks of {@code [lowest, end)} are in the set. */
    boolean covers(long client, long lowest, long end) {
        int c = indexOf(client);
        if (c < 0) {
            return false;
        }
        int at = Arrays.binarySearch(from, first[c], first[c + 1], lowest);
        int candidate = at >= 0 ? at : -at - 2;
        return candidate >= first[c] && end <= to[candidate];
    }

    Lookup lookup() {
        return new Lookup();
    }

    /**
     * {@link #covers} for many questions whose clocks mostly ascend, as those of an update do: where the last answer was, the next one is
     * looked for first. Any order is right. Not thread-safe.
     */
    final class Lookup {
        private long client;
        private int end;
        /** The range of the last answer; negative before the first one and for clients that are not here. */
        private int at = -1;

        private boolean isOfClient;

        boolean covers(long ofClient, long lowest, long stop) {
            if (!isOfClient || client != ofClient) {
                isOfClient = true;
                client = ofClient;
                int c = indexOf(ofClient);
                at = c < 0 ? -1 : first[c];
                end = c < 0 ? 0 : first[c + 1];
            }
            if (at >= 0 && at + 1 < end && from[at] <= lowest && from[at + 1] <= lowest) {
                at++;
            }
            if (at < 0) {
                return false;
            }
            if (from[at] <= lowest && (at + 1 == end || lowest < from[at + 1])) {
                return stop <= to[at];
            }
            return RangeSet.this.covers(ofClient, lowest, stop);
        }
    }

    /** For each client whose clocks begin at 0, the first clock that is missing. */
    StateVector stateVector() {
        StateVector.Builder vector = new StateVector.Builder();
        for (int c = 0; c < clients.length; c++) {
            if (from[first[c]] == 0) {
                vector.add(clients[c], to[first[c]]);
            }
        }
        return vector.build();
    }

    /** Whether there is a clock that {@code have} does not count. */
    boolean reachesBeyond(StateVector have) {
        for (int c = 0; c < clients.length; c++) {
            if (to[first[c + 1] - 1] > have.clock(clients[c])) {
                return true;
            }
        }
        return false;
    }

    /** {@code have} without clients that have no clock here, and up to their last clock here. */
    StateVector limit(StateVector have) {
        StateVector.Builder limited = new StateVector.Builder();
        for (int i = 0; i < have.size(); i++) {
            int c = indexOf(have.client(i));
            if (c >= 0) {
                limited.add(clients[c], Math.min(have.clockAt(i), to[first[c + 1] - 1]));
            }
        }
        return limited.build();
    }

    /** About how many bytes of memory this takes. */
    long memory() {
        return BYTES_OF_OBJECTS + (long) clients.length * (Long.BYTES + Integer.BYTES) + 2L * Long.BYTES * from.length;
    }

    int clients() {
        return clients.length;
    }

    long client(int c) {
        return clients[c];
    }

    /** Appends the set in the format of a delete set, as {@link Builder#addDeleteSet} reads it. */
    void writeDeleteSet(Output out) {
        out.varUint(clients.length);
        for (int c = 0; c < clients.length; c++) {
            writeDeletions(out, c);
        }
    }

    /** Appends the part of {@link #writeDeleteSet} that is about one client. */
    void writeDeletions(Output out, int c) {
        out.varUint(clients[c]).varUint(first[c + 1] - first[c]);
        for (int r = first[c]; r < first[c + 1]; r++) {
            out.varUint(from[r]).varUint(to[r] - from[r]);
        }
    }

    /** Appends the set in the format of a delete set in encoding V2, which {@link V2Writer} describes. */
    void writeDeleteSetV2(Output out) {
        out.varUint(clients.length);
        for (int c = 0; c < clients.length; c++) {
            out.varUint(clients[c]).varUint(first[c + 1] - first[c]);
            long end = 0;
            for (int r = first[c]; r < first[c + 1]; r++) {
                out.varUint(from[r] - end).varUint(to[r] - from[r] - 1);
                end = to[r];
            }
        }
    }

    /** The ranges of one client, to be walked along with its structs. */
    Cursor cursor(long client) {
        int c = indexOf(client);
        return c < 0 ? new Cursor(0, 0) : new Cursor(first[c], first[c + 1]);
    }

    /** Walks the ranges of one client in ascending order. Not thread-safe. */
    final class Cursor {
        private int at;
        private final int end;

        private Cursor(int at, int end) {
            this.at = at;
            this.end = end;
        }

        /** Goes on to the first range that ends after {@code clock}. Clocks must ascend from call to call. */
        void seek(long clock) {
            while (at < end && to[at] <= clock) {
                at++;
            }
        }

        /** Where the current range begins; beyond every clock if there is none. */
        long from() {
            return at < end ? from[at] : Long.MAX_VALUE;
        }

        /** Where the current range ends; beyond every clock if there is none. */
        long to() {
            return at < end ? to[at] : Long.MAX_VALUE;
        }
    }

    /** Adds all ranges to a builder. */
    void addTo(Builder builder) {
        for (int c = 0; c < clients.length; c++) {
            for (int r = first[c]; r < first[c + 1]; r++) {
                builder.add(clients[c], from[r], to[r]);
            }
        }
    }

    private int indexOf(long client) {
        int low = 0;
        int high = clients.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (clients[middle] == client) {
                return middle;
            }
            if (clients[middle] > client) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RangeSet that
                && Arrays.equals(clients, that.clients)
                && Arrays.equals(first, that.first)
                && Arrays.equals(from, that.from)
                && Arrays.equals(to, that.to);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(clients) + Arrays.hashCode(from)) + Arrays.hashCode(to);
    }

    /** Collects ranges in any order, overlapping or not. */
    static final class Builder {
        private long[] client = new long[4];
        private long[] from = new long[4];
        private long[] to = new long[4];
        private int size;

        /** Adds {@code [lowest, end)}; joined at once if it goes on where the last one ended, as in most updates. */
        void add(long of, long lowest, long end) {
            if (size > 0 && client[size - 1] == of && to[size - 1] == lowest) {
                to[size - 1] = end;
                return;
            }
            if (size == client.length) {
                client = Arrays.copyOf(client, size * 2);
                from = Arrays.copyOf(from, size * 2);
                to = Arrays.copyOf(to, size * 2);
            }
            client[size] = of;
            from[size] = lowest;
            to[size] = end;
            size++;
        }

        /** Adds the clocks of all structs of an update, gaps left out; afterwards the input stands at the delete set. */
        void addStructs(Input in) {
            StructReader reader = StructReader.of(in);
            while (reader.nextBlock()) {
                while (reader.next()) {
                    if (reader.kind() != StructReader.SKIP) {
                        add(reader.client, reader.clock, reader.clockAfter());
                    }
                }
            }
        }

        /** Reads a delete set to its end. */
        void addDeleteSet(Input in) {
            if (in.hasMore() && in.bytes()[in.position()] == 0) {
                in.skip(1); // most small updates delete nothing
                return;
            }
            DeleteSetReader reader = new DeleteSetReader(in);
            while (reader.next()) {
                add(reader.client, reader.clock, reader.clockAfter());
            }
        }

        RangeSet build() {
            int[] order = ClientClockOrder.of(client, from, size);
            long[] clients = new long[size];
            int[] first = new int[size + 1];
            long[] froms = new long[size];
            long[] tos = new long[size];
            int clientCount = 0;
            int ranges = 0;
            for (int i : order) {
                boolean sameClient = clientCount > 0 && clients[clientCount - 1] == client[i];
                if (sameClient && from[i] <= tos[ranges - 1]) {
                    tos[ranges - 1] = Math.max(tos[ranges - 1], to[i]);
                    continue;
                }
                if (!sameClient) {
                    clients[clientCount] = client[i];
                    first[clientCount] = ranges;
                    clientCount++;
                }
                froms[ranges] = from[i];
                tos[ranges] = to[i];
                ranges++;
            }
            first[clientCount] = ranges;
            return new RangeSet(
                    Arrays.copyOf(clients, clientCount),
                    Arrays.copyOf(first, clientCount + 1),
                    Arrays.copyOf(froms, ranges),
                    Arrays.copyOf(tos, ranges));
        }
    }
}
