package dev.weft.yjs;

import java.util.Arrays;

/** Finds the number of a client by its id: a hash table without objects, 16 to 24 bytes a client. Immutable. */
final class ClientTable {
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;
    private static final int NONE = -1;

    private final long[] client;
    /** Numbers of clients, each at the place of its hash or the next free one after it. */
    private final int[] slot;

    private final int shift;

    /** @param client the ids, each once; taken over */
    ClientTable(long[] client) {
        this.client = client;
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, client.length));
        slot = new int[1 << Math.min(bits + 1, 30)];
        shift = Long.SIZE - Integer.numberOfTrailingZeros(slot.length);
        Arrays.fill(slot, NONE);
        for (int c = 0; c < client.length; c++) {
            int at = place(client[c]);
            while (slot[at] != NONE) {
                at = (at + 1) & (slot.length - 1);
            }
            slot[at] = c;
        }
    }

    int size() {
        return client.length;
    }

    long client(int c) {
        return client[c];
    }

    /** The number of a client; negative if it is not here. */
    int indexOf(long id) {
        int at = place(id);
        while (slot[at] != NONE && client[slot[at]] != id) {
            at = (at + 1) & (slot.length - 1);
        }
        return slot[at];
    }

    private int place(long id) {
        return (int) ((id * GOLDEN) >>> shift);
    }
}
