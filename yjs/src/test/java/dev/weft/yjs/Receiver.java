package dev.weft.yjs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A client that integrates structs as Yjs does, but by their ids alone: slow and obvious. */
final class Receiver {
    private final StateVector have;
    private final Map<Long, Long> known = new HashMap<>();
    private final List<Struct> waiting = new ArrayList<>();

    private record Id(long client, long clock) {}

    private record Struct(long client, long clock, long clockAfter, List<Id> needs) {}

    /** @param have what it has already */
    Receiver(StateVector have) {
        this.have = have;
    }

    void apply(byte[] update) {
        StructReader reader = StructReader.of(Input.trusting(update));
        while (reader.nextBlock()) {
            while (reader.next()) {
                if (reader.kind() != StructReader.SKIP) {
                    waiting.add(new Struct(reader.client, reader.clock, reader.clockAfter(), needs(update, reader)));
                }
            }
        }
        while (waiting.removeIf(this::integrates)) {
            // What this made possible may be in front of it.
        }
    }

    private static List<Id> needs(byte[] update, StructReader reader) {
        List<Id> needs = new ArrayList<>();
        if (reader.kind() != StructReader.GC) {
            StructIds ids = new StructIds();
            ids.read(update, reader.start);
            needs.add(new Id(ids.originClient, ids.originClock));
            needs.add(new Id(ids.rightClient, ids.rightClock));
            needs.add(new Id(ids.parentClient, ids.parentClock));
            needs.removeIf(id -> id.client() == StructIds.NONE || id.client() == reader.client);
        }
        return needs;
    }

    private boolean integrates(Struct struct) {
        boolean ready = struct.clock() <= known(struct.client())
                && struct.needs().stream().allMatch(id -> id.clock() < known(id.client()));
        if (ready) {
            known.merge(struct.client(), struct.clockAfter(), Math::max);
        }
        return ready || struct.clockAfter() <= known(struct.client());
    }

    long known(long client) {
        return known.computeIfAbsent(client, have::clock);
    }

    /** How many structs wait for others. */
    int pending() {
        return waiting.size();
    }
}
