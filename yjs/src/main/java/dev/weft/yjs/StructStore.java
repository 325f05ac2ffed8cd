package dev.weft.yjs;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** All structs of a document, by client: a hash table with open addressing, so that no id is ever an object. */
final class StructStore {
    private @Nullable ClientStructs[] table = new ClientStructs[16];
    private ClientStructs[] clients = new ClientStructs[4];
    private int size;
    private boolean sorted = true;

    /** The client asked for last; updates ask for the same one again and again. */
    private @Nullable ClientStructs last;

    @Nullable
    ClientStructs get(long client) {
        ClientStructs candidate = last;
        if (candidate != null && candidate.client == client) {
            return candidate;
        }
        candidate = table[slotOf(client)];
        if (candidate != null) {
            last = candidate;
        }
        return candidate;
    }

    ClientStructs getOrCreate(long client) {
        ClientStructs known = get(client);
        if (known != null) {
            return known;
        }
        if (2 * (size + 1) > table.length) {
            grow();
        }
        ClientStructs created = new ClientStructs(client);
        table[slotOf(client)] = created;
        if (size == clients.length) {
            clients = Arrays.copyOf(clients, 2 * size);
        }
        sorted &= size == 0 || clients[size - 1].client > client;
        clients[size++] = created;
        last = created;
        return created;
    }

    /** The next clock of a client. */
    long state(long client) {
        ClientStructs structs = get(client);
        return structs == null ? 0 : structs.state();
    }

    int size() {
        return size;
    }

    /** The clients in descending order; one may have no struct yet. */
    ClientStructs client(int index) {
        if (!sorted) {
            Arrays.sort(
                    clients,
                    0,
                    size,
                    Comparator.comparingLong((ClientStructs c) -> c.client).reversed());
            sorted = true;
        }
        return clients[index];
    }

    StateVector stateVector() {
        StateVector.Builder vector = new StateVector.Builder();
        for (int i = 0; i < size; i++) {
            vector.add(client(i).client, client(i).state());
        }
        return vector.build();
    }

    /** All clocks that are deleted. */
    RangeSet deletions() {
        RangeSet.Builder deletions = new RangeSet.Builder();
        for (int c = 0; c < size; c++) {
            ClientStructs structs = client(c);
            for (int i = 0; i < structs.size(); i++) {
                Struct struct = structs.get(i);
                if (struct.isDeleted()) {
                    deletions.add(structs.client, struct.clock, struct.end());
                }
            }
        }
        return deletions.build();
    }

    private int slotOf(long client) {
        int mask = table.length - 1;
        long mixed = client * 0x9e3779b97f4a7c15L;
        int slot = (int) (mixed >>> 32) & mask;
        for (ClientStructs at = table[slot]; at != null && at.client != client; at = table[slot]) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        table = new ClientStructs[2 * table.length];
        for (int i = 0; i < size; i++) {
            table[slotOf(clients[i].client)] = clients[i];
        }
    }
}
