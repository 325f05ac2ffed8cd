package dev.weft.yjs;

import java.util.Arrays;

/**
 * For each client the next clock that is missing: what someone already has of a document. Format: {@code varUint n}, then
 * {@code n} times {@code varUint client, varUint clock}. Immutable, safe for use by many threads.
 */
public final class StateVector {
    private static final int MIN_ENTRY_BYTES = 2;
    private static final StateVector EMPTY = new StateVector(new long[0], new long[0]);

    /** Descending. */
    private final long[] clients;

    private final long[] clocks;

    private StateVector(long[] clients, long[] clocks) {
        this.clients = clients;
        this.clocks = clocks;
    }

    /** The state vector of someone who has nothing. */
    public static StateVector empty() {
        return EMPTY;
    }

    /**
     * Decodes a whole state vector. Of several entries for one client the last counts, as in Yjs.
     *
     * @throws MalformedException if {@code bytes} are anything else, or more
     */
    public static StateVector decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length);
    }

    static StateVector decode(byte[] bytes, int from, int to) {
        Input in = Input.checking(bytes, from, to);
        int entries = in.count(MIN_ENTRY_BYTES, "clients");
        Builder builder = new Builder();
        for (int i = 0; i < entries; i++) {
            builder.add(in.varUint(), in.varUint());
        }
        in.expectEnd();
        return builder.build();
    }

    /** The bytes of this state vector, clients in descending order as Yjs writes them. A new array at each call. */
    public byte[] encode() {
        Output out = new Output(5 + 10 * clients.length);
        out.varUint(clients.length);
        for (int i = 0; i < clients.length; i++) {
            out.varUint(clients[i]).varUint(clocks[i]);
        }
        return out.toByteArray();
    }

    /** The next clock of {@code client} that is missing; 0 for a client that is not known. */
    public long clock(long client) {
        int low = 0;
        int high = clients.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (clients[middle] == client) {
                return clocks[middle];
            }
            if (clients[middle] > client) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return 0;
    }

    /** How many clients there are. */
    int size() {
        return clients.length;
    }

    /** Client number {@code i}, in descending order. */
    long client(int i) {
        return clients[i];
    }

    /** The clock of client number {@code i}. */
    long clockAt(int i) {
        return clocks[i];
    }

    /** Whether no clock of any client is there. */
    public boolean isEmpty() {
        return clients.length == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StateVector that
                && Arrays.equals(clients, that.clients)
                && Arrays.equals(clocks, that.clocks);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(clients) + Arrays.hashCode(clocks);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < clients.length; i++) {
            text.append(i == 0 ? "" : ", ").append(clients[i]).append('=').append(clocks[i]);
        }
        return text.append('}').toString();
    }

    /** Collects entries in any order. */
    static final class Builder {
        private long[] clients = new long[4];
        private long[] clocks = new long[4];
        private int size;

        void add(long client, long clock) {
            if (size == clients.length) {
                clients = Arrays.copyOf(clients, size * 2);
                clocks = Arrays.copyOf(clocks, size * 2);
            }
            clients[size] = client;
            clocks[size] = clock;
            size++;
        }

        StateVector build() {
            int[] order = ClientClockOrder.of(clients, new long[size], size);
            long[] sortedClients = new long[size];
            long[] sortedClocks = new long[size];
            int kept = 0;
            for (int i = 0; i < size; i++) {
                boolean isLastOfClient = i + 1 == size || clients[order[i]] != clients[order[i + 1]];
                // A clock of 0 says the same as no entry.
                if (isLastOfClient && clocks[order[i]] > 0) {
                    sortedClients[kept] = clients[order[i]];
                    sortedClocks[kept] = clocks[order[i]];
                    kept++;
                }
            }
            return kept == 0
                    ? EMPTY
                    : new StateVector(Arrays.copyOf(sortedClients, kept), Arrays.copyOf(sortedClocks, kept));
        }
    }
}
