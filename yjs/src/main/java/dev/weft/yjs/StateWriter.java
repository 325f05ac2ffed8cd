package dev.weft.yjs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes structs and deletions of a document as an update in encoding V1 (Yjs {@code encoding.js}). */
final class StateWriter {
    private StateWriter() {}

    /** All that someone lacks who has {@code have}, with all deletions; nothing that is pending. */
    static byte[] state(StructStore store, StateVector have) {
        Output out = new Output(256);
        int blocks = 0;
        for (int i = 0; i < store.size(); i++) {
            ClientStructs structs = store.client(i);
            if (structs.state() > have.clock(structs.client)) {
                blocks++;
            }
        }
        out.varUint(blocks);
        for (int i = 0; i < store.size(); i++) {
            ClientStructs structs = store.client(i);
            long known = have.clock(structs.client);
            if (structs.state() > known) {
                block(out, structs, known);
            }
        }
        store.deletions().writeDeleteSet(out);
        return out.toByteArray();
    }

    /** What a transaction changed, or null if nothing. */
    static byte @Nullable [] update(Transaction transaction) {
        List<Touch> added = new ArrayList<>(transaction.touches().size());
        boolean hasContent = !transaction.deletions().isEmpty();
        for (Touch touch : transaction.touches()) {
            hasContent |= touch.after != touch.before;
            // As in Yjs this includes what transactions in observers have added meanwhile.
            if (touch.owner.state() > touch.before) {
                added.add(touch);
            }
        }
        if (!hasContent) {
            return null;
        }
        Comparator<Touch> order =
                Comparator.comparingLong((Touch touch) -> touch.owner.client).reversed();
        added.sort(order);
        Output out = new Output(64);
        out.varUint(added.size());
        for (Touch touch : added) {
            block(out, touch.owner, touch.before);
        }
        List<Touch> deletions = new ArrayList<>(transaction.deletions());
        deletions.sort(order);
        out.varUint(deletions.size());
        for (Touch touch : deletions) {
            touch.sortDeletions();
            touch.writeDeletions(out);
        }
        return out.toByteArray();
    }

    private static void block(Output out, ClientStructs structs, long clock) {
        int first = structs.indexOf(clock);
        out.varUint(structs.size() - first).varUint(structs.client).varUint(clock);
        Struct start = structs.get(first);
        start.write(out, clock - start.clock);
        for (int i = first + 1; i < structs.size(); i++) {
            structs.get(i).write(out, 0);
        }
    }

    /** Structs of clients up to a clock each, whole, with a delete set: the document as it was at a snapshot. */
    static byte[] until(Transaction transaction, StructStore store, Snapshot snapshot) {
        transaction.splitFor(snapshot);
        Output out = new Output(256);
        List<ClientStructs> clients = new ArrayList<>();
        for (int i = 0; i < store.size(); i++) {
            if (snapshot.stateVector().clock(store.client(i).client) > 0) {
                clients.add(store.client(i));
            }
        }
        out.varUint(clients.size());
        for (ClientStructs structs : clients) {
            int last = structs.indexOf(
                    Math.min(structs.state(), snapshot.stateVector().clock(structs.client)) - 1);
            out.varUint(last + 1).varUint(structs.client).varUint(0);
            for (int i = 0; i <= last; i++) {
                structs.get(i).write(out, 0);
            }
        }
        snapshot.deletions().writeDeleteSet(out);
        return out.toByteArray();
    }
}
