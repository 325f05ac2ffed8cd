package dev.weft.yjs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has come and waits for something that is missing: structs, and deletions of structs that have not come (Yjs {@code encoding.js},
 * {@code readUpdateV2}).
 */
final class Pending {
    /** More than this is merged now and then only, because merging all of it for each update would take quadratic time. */
    private static final int MAX_BYTES_MERGED_EACH_TIME = 1 << 16;

    /** As many updates may wait apart then. */
    private static final int MAX_APART = 64;

    private final List<byte[]> structs = new ArrayList<>(0);
    private long bytesAtMerge;
    private final Map<Long, Long> missing = new HashMap<>(0);
    /** A delete set. */
    private byte @Nullable [] deletions;

    boolean isEmpty() {
        return structs.isEmpty() && deletions == null;
    }

    StateVector missing() {
        StateVector.Builder vector = new StateVector.Builder();
        missing.forEach((client, clock) -> vector.add(client, clock + 1));
        return vector.build();
    }

    /** Integrates an update, and what has waited for it. */
    void apply(Transaction transaction, UpdateBlocks update) {
        StructStore store = transaction.doc().store();
        Integrator integrator = new Integrator(transaction, update);
        boolean complete = integrator.run();
        boolean retry = false;
        for (Map.Entry<Long, Long> entry : missing.entrySet()) {
            retry |= entry.getValue() < store.state(entry.getKey());
        }
        if (!complete) {
            integrator.missing().forEach((client, clock) -> missing.merge(client, clock, Math::min));
            add(integrator.rest());
        }
        RangeSet.Builder rest = new RangeSet.Builder();
        delete(transaction, update.deletions(), rest);
        if (deletions != null) {
            delete(transaction, new DeleteSetReader(Input.trusting(deletions)), rest);
        }
        deletions = encoded(rest.build());
        if (retry) {
            byte[] waiting = merged();
            structs.clear();
            missing.clear();
            apply(transaction, UpdateBlocks.of(waiting));
        }
    }

    private void add(byte[] rest) {
        structs.add(rest);
        long bytes = 0;
        for (byte[] one : structs) {
            bytes += one.length;
        }
        // Yjs merges each time. Of a struct that came both live and deleted, which one is kept depends on that.
        if (bytes <= MAX_BYTES_MERGED_EACH_TIME || (structs.size() >= MAX_APART && bytes > 2 * bytesAtMerge)) {
            bytesAtMerge = merged().length;
        }
    }

    private byte[] merged() {
        if (structs.size() > 1) {
            byte[] merged = Updates.merge(structs);
            structs.clear();
            structs.add(merged);
        }
        return structs.getFirst();
    }

    private static byte @Nullable [] encoded(RangeSet deletions) {
        if (deletions.isEmpty()) {
            return null;
        }
        Output out = new Output(32);
        deletions.writeDeleteSet(out);
        return out.toByteArray();
    }

    /** Deletes what is there; {@code rest} is given what is not. */
    private static void delete(Transaction transaction, DeleteSetReader ranges, RangeSet.Builder rest) {
        StructStore store = transaction.doc().store();
        while (ranges.next()) {
            ClientStructs structs = store.get(ranges.client);
            long state = structs == null ? 0 : structs.state();
            if (structs != null && ranges.clock < state) {
                structs.delete(transaction, ranges.clock, ranges.clockAfter());
            }
            if (ranges.clockAfter() > state) {
                rest.add(ranges.client, Math.max(state, ranges.clock), ranges.clockAfter());
            }
        }
    }

    /** The state of the document together with what waits. */
    byte[] addTo(byte[] state, StateVector have) {
        if (isEmpty()) {
            return state;
        }
        List<byte[]> updates = new ArrayList<>();
        updates.add(state);
        if (deletions != null) {
            updates.add(new Output(deletions.length + 1)
                    .varUint(0)
                    .copy(deletions, 0, deletions.length)
                    .toByteArray());
        }
        if (!structs.isEmpty()) {
            updates.add(Updates.diff(merged(), have));
        }
        return Updates.merge(updates);
    }
}
