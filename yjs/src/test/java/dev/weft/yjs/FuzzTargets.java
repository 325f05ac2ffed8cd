package dev.weft.yjs;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is fuzzed: each decoder, with what must hold for any bytes. Nothing but {@link MalformedException} is thrown; what one operation
 * takes and how long it works is bounded by a multiple of its input; what passes a check goes through everything else, and comes out of it
 * as something that passes. Targets for several inputs take them one after the other, each after its length.
 */
final class FuzzTargets {
    /** Bytes that an operation may allocate for each byte of its input, and besides. */
    private static final long BYTES_EACH = 64;

    private static final long BYTES_BESIDES = 64 * 1024;
    /** Nanoseconds of processor time. Far from what is needed, but nothing that grows with the square of the input stays below it. */
    private static final long NANOS_EACH = 20_000;

    private static final long NANOS_BESIDES = 50_000_000;
    /** The first time may load classes and run interpreted. */
    private static final int ATTEMPTS = 3;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private FuzzTargets() {}

    /** All targets by name. */
    static Map<String, Consumer<byte[]>> all() {
        Map<String, Consumer<byte[]>> targets = new TreeMap<>();
        targets.put("update", FuzzTargets::update);
        targets.put("updates", FuzzTargets::updates);
        targets.put("difference", FuzzTargets::difference);
        targets.put("v2", FuzzTargets::v2);
        targets.put("state-vector", FuzzTargets::stateVector);
        targets.put("awareness", FuzzTargets::awareness);
        targets.put("message", FuzzTargets::message);
        targets.put("json", FuzzTargets::json);
        targets.put("document", FuzzTargets::document);
        targets.put("index", FuzzTargets::index);
        return targets;
    }

    /** Bytes as one update in V1. */
    private static void update(byte[] data) {
        // Unchecked bytes first: whatever they are, only the one exception.
        bounded(data.length, () -> Updates.stateVector(data));
        bounded(data.length, () -> Updates.hasNoStructs(data));
        bounded(data.length, () -> Updates.subdocuments(data));
        bounded(data.length, () -> Contents.of(data));
        bounded(data.length, () -> Updates.merge(List.of(data)));
        bounded(data.length, () -> Updates.compact(List.of(data)));
        bounded(data.length, () -> Updates.diff(data, StateVector.empty()));
        bounded(data.length, () -> UpdatesV2.fromV1(data));
        if (!passes(data)) {
            return;
        }
        Contents contents = Contents.of(data);
        byte[] merged = sound(data.length, () -> Updates.merge(List.of(data)));
        byte[] whole = sound(data.length, () -> Updates.diff(data, StateVector.empty()));
        byte[] compacted = sound(data.length, () -> Updates.compact(List.of(data)));
        byte[] v2 = sound(data.length, () -> UpdatesV2.fromV1(data));
        require(
                merged != null && compacted != null && whole != null && v2 != null,
                "what passes goes through everything");
        Updates.check(merged);
        Updates.check(compacted);
        Updates.check(whole);
        require(Arrays.equals(merged, Updates.merge(List.of(merged))), "a merge is its own merge");
        require(Arrays.equals(compacted, Updates.compact(List.of(compacted))), "a compaction is its own compaction");
        require(Contents.of(merged).covers(data), "a merge holds its input");
        require(contents.covers(merged), "a merge holds no more than its input");
        require(Contents.of(compacted).covers(data), "a compaction holds its input");
        require(
                contents.stateVector().equals(Updates.stateVector(merged)),
                "a merge has the state vector of its input");
        require(
                contents.stateVector().equals(Updates.stateVector(data)),
                "contents have the state vector of their update");
        byte[] back = UpdatesV2.toV1(v2);
        require(Contents.of(back).covers(merged) && contents.covers(back), "V2 and back is the same");
        Updates.subdocuments(data).forEach(Subdocument::optionsAsJson);
    }

    /** Bytes as several updates, merged and compacted together. */
    private static void updates(byte[] data) {
        List<byte[]> updates = parts(data);
        bounded(data.length, () -> Updates.merge(updates));
        bounded(data.length, () -> Updates.compact(updates));
        List<byte[]> valid = updates.stream().filter(FuzzTargets::passes).toList();
        byte[] merged = sound(data.length, () -> Updates.merge(valid));
        byte[] compacted = sound(data.length, () -> Updates.compact(valid));
        Updates.check(merged);
        Updates.check(compacted);
        Contents all = Contents.of(merged);
        for (byte[] update : valid) {
            require(all.covers(update), "a merge holds its inputs");
        }
        require(Contents.of(compacted).covers(merged), "a compaction holds the merge");
        byte[] again = Updates.merge(List.of(merged, valid.isEmpty() ? Updates.empty() : valid.getFirst()));
        require(Contents.of(again).covers(merged) && all.covers(again), "merging again adds nothing");
    }

    /** Bytes as a state vector, then an update. */
    private static void difference(byte[] data) {
        List<byte[]> parts = parts(data);
        if (parts.size() < 2) {
            return;
        }
        StateVector have = bounded(data.length, () -> StateVector.decode(parts.getFirst()));
        byte[] update = parts.get(1);
        if (have == null) {
            return;
        }
        bounded(data.length, () -> Updates.diff(update, have));
        if (!passes(update)) {
            return;
        }
        byte[] difference = Updates.diff(update, have);
        Updates.check(difference);
        require(Contents.of(update).covers(difference), "a difference holds no more than its update");
        byte[] both = Updates.merge(List.of(difference, update));
        require(Contents.of(update).covers(both), "a difference adds nothing to its update");
    }

    /** Bytes as an update in V2. */
    private static void v2(byte[] data) {
        int limit = 8 * data.length + 1024;
        bounded(limit, () -> UpdatesV2.stateVector(data, limit));
        bounded(limit, () -> UpdatesV2.diff(data, StateVector.empty(), limit));
        bounded(limit, () -> UpdatesV2.merge(List.of(data, data), limit));
        byte[] v1 = bounded(limit, () -> UpdatesV2.toV1(data, limit));
        if (v1 != null) {
            require(v1.length <= limit, "the limit is kept");
            Updates.check(v1);
            byte[] merged = UpdatesV2.merge(List.of(data), 4 * limit);
            require(Contents.of(UpdatesV2.toV1(merged)).covers(v1), "a merge in V2 holds its input");
            UpdatesV2.check(UpdatesV2.fromV1(v1));
        }
    }

    private static void stateVector(byte[] data) {
        StateVector vector = bounded(data.length, () -> StateVector.decode(data));
        if (vector != null) {
            require(vector.equals(StateVector.decode(vector.encode())), "a state vector is read as it was written");
        }
    }

    private static void awareness(byte[] data) {
        List<AwarenessState> states = bounded(data.length, () -> AwarenessUpdates.decode(data));
        bounded(data.length, () -> AwarenessUpdates.merge(List.of(data, data)));
        if (states != null) {
            byte[] encoded = AwarenessUpdates.encode(states);
            require(
                    Arrays.equals(encoded, AwarenessUpdates.encode(AwarenessUpdates.decode(encoded))),
                    "states are read as they were written");
            byte[] merged = AwarenessUpdates.merge(List.of(data, data));
            require(Arrays.equals(merged, AwarenessUpdates.merge(List.of(merged))), "a merge is its own merge");
            new Awareness(4).apply(states);
        }
    }

    private static void message(byte[] data) {
        Message message = bounded(data.length, () -> Message.decode(data));
        if (message != null) {
            byte[] encoded = message.encode();
            require(Arrays.equals(encoded, Message.decode(encoded).encode()), "a message is read as it was written");
        }
    }

    private static void json(byte[] data) {
        Object value = bounded(data.length, () -> JsonValues.parse(data, 0, data.length));
        if (value != null) {
            byte[] json = sound(data.length, () -> JsonValues.stringify(value));
            byte[] again = JsonValues.stringify(JsonValues.parse(json, 0, json.length));
            require(Arrays.equals(json, again), "JSON is read as it was written");
        }
    }

    /** Bytes as several updates that a document applies one after the other. */
    private static void document(byte[] data) {
        YDoc doc = new YDoc();
        List<byte[]> applied = new ArrayList<>();
        for (byte[] update : parts(data)) {
            byte[] before = doc.encodeStateAsUpdate();
            if (passes(update)) {
                doc.applyUpdate(update);
                applied.add(update);
            } else {
                try {
                    doc.applyUpdate(update);
                    throw new AssertionError("a document took what does not pass the check");
                } catch (MalformedException e) {
                    require(Arrays.equals(before, doc.encodeStateAsUpdate()), "what cannot be read changes nothing");
                }
            }
        }
        byte[] state = doc.encodeStateAsUpdate();
        Updates.check(state);
        Contents contents = Contents.of(state);
        for (byte[] update : applied) {
            require(contents.covers(update), "a document holds what it applied");
        }
        doc.toJson();
    }

    /** Bytes as the index of an update, then an update. */
    private static void index(byte[] data) {
        List<byte[]> parts = parts(data);
        if (parts.size() < 2) {
            return;
        }
        UpdateIndex index = bounded(data.length, () -> UpdateIndex.decode(parts.getFirst()));
        byte[] update = parts.get(1);
        if (index != null) {
            require(
                    Arrays.equals(
                            index.encode(), UpdateIndex.decode(index.encode()).encode()),
                    "an index is read as it was written");
        }
        if (passes(update)) {
            IndexedUpdate indexed = IndexedUpdate.of(update, parts.getFirst());
            require(
                    Arrays.equals(indexed.merge(List.of(update)).toByteArray(), Updates.merge(List.of(update, update))),
                    "a merge with an index is a merge");
            require(
                    Arrays.equals(
                            indexed.difference(StateVector.empty()).toByteArray(),
                            Updates.diff(update, StateVector.empty())),
                    "a difference with an index is a difference");
        }
    }

    private static boolean passes(byte[] update) {
        Boolean passes = bounded(update.length, () -> {
            Updates.check(update);
            return true;
        });
        return passes != null;
    }

    /** The buffers that bytes consist of, each after its length; what is left over is the last. */
    static List<byte[]> parts(byte[] data) {
        List<byte[]> parts = new ArrayList<>();
        Input in = Input.trusting(data);
        while (in.hasMore()) {
            int from = in.position();
            try {
                int length = in.byteLength();
                from = in.position();
                in.skip(length);
            } catch (MalformedException e) {
                in.rewind(data.length);
            }
            parts.add(Arrays.copyOfRange(data, from, in.position()));
        }
        return parts;
    }

    /** Does something to an input. @return its result, or null if it found the input malformed */
    private static <T> @Nullable T bounded(long size, Supplier<T> operation) {
        for (int attempt = 1; ; attempt++) {
            long allocated = THREADS.getCurrentThreadAllocatedBytes();
            long nanos = THREADS.getCurrentThreadCpuTime();
            T result = null;
            try {
                result = operation.get();
            } catch (MalformedException e) {
                // The one exception.
            }
            nanos = THREADS.getCurrentThreadCpuTime() - nanos;
            allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
            boolean isBounded =
                    allocated <= BYTES_EACH * size + BYTES_BESIDES && nanos <= NANOS_EACH * size + NANOS_BESIDES;
            if (isBounded) {
                return result;
            }
            require(attempt < ATTEMPTS, allocated + " bytes and " + nanos + " ns for an input of " + size + " bytes");
        }
    }

    /** Does something to an input that was found to be sound before. */
    private static <T> T sound(long size, Supplier<T> operation) {
        T result = bounded(size, operation);
        if (result == null) {
            throw new AssertionError("what passes goes through everything");
        }
        return result;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
