package dev.weft.yjs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recorded editing sessions as many small updates: every operation gives what Yjs gives. {@code -Dweft.seed=} repeats the order. */
class TraceTest {
    private static final long SEED = Long.getLong("weft.seed", new Random().nextInt(1 << 30));

    /** Its author pastes and then edits inside. There a document cuts what was pasted, and compaction leaves it whole. */
    private static final String PASTED = "sveltecomponent";

    @ParameterizedTest
    @ValueSource(strings = {"automerge-paper", PASTED, "friendsforever"})
    void wholeSessionIsWhatYjsMakesOfIt(String name) throws IOException, InterruptedException {
        Trace trace = Trace.replayed(name);
        check(name, trace);
        try (Oracle yjs = Oracle.start()) {
            // The replay has checked that this is the text with which the session ended.
            assertThat(yjs.text(Updates.merge(trace.updates()))).isEqualTo(trace.text());
            assertThat(yjs.text(Updates.compact(trace.updates()))).isEqualTo(trace.text());
        }
    }

    /** The same without Node. */
    @ParameterizedTest
    @ValueSource(strings = {"automerge-paper", PASTED, "friendsforever"})
    void beginningOfASessionIsWhatYjsMadeOfIt(String name) throws IOException {
        check(name, Trace.golden(name));
    }

    private static void check(String name, Trace trace) {
        trace.updates().forEach(Updates::check);
        byte[] merged = Updates.merge(trace.updates());
        same(merged, trace.merged(), "merge");
        same(inGroups(trace.updates()), trace.merged(), "merge in any order and in groups");
        same(Updates.stateVector(merged).encode(), trace.stateVector(), "state vector");
        same(Updates.diff(merged, StateVector.decode(trace.have())), trace.difference(), "difference");

        same(UpdatesV2.fromV1(merged), trace.v2(), "V1 to V2");
        same(UpdatesV2.toV1(trace.v2()), merged, "V2 to V1");
        List<byte[]> v2 =
                trace.updates().stream().limit(5_000).map(UpdatesV2::fromV1).toList();
        same(
                UpdatesV2.merge(v2),
                UpdatesV2.fromV1(Updates.merge(trace.updates().subList(0, v2.size()))),
                "merge in V2");

        Contents contents = Contents.of(merged);
        assertThat(trace.updates()).as("updates that the merge covers").allMatch(contents::covers);

        byte[] compacted = Updates.compact(trace.updates());
        if (name.equals(PASTED)) {
            assertThat(Units.differences(compacted, trace.collected()))
                    .as("compaction")
                    .isEmpty();
            assertThat(compacted.length).isLessThan(trace.collected().length);
        } else {
            same(History.normalised(compacted), History.normalised(trace.collected()), "compaction");
        }
        same(Updates.compact(List.of(merged)), compacted, "compaction of the merge");
        same(Updates.compact(List.of(trace.collected())), trace.collected(), "compaction of what Yjs has compacted");
    }

    private static byte[] inGroups(List<byte[]> updates) {
        Random random = new Random(SEED);
        List<byte[]> shuffled = new ArrayList<>(updates);
        Collections.shuffle(shuffled, random);
        List<byte[]> groups = new ArrayList<>();
        for (int from = 0; from < shuffled.size(); ) {
            int to = Math.min(shuffled.size(), from + 1 + random.nextInt(200));
            groups.add(Updates.merge(shuffled.subList(from, to)));
            from = to;
        }
        return Updates.merge(groups);
    }

    /** A difference is told by its place, since all of it would be megabytes. */
    private static void same(byte[] ours, byte[] theirs, String what) {
        assertThat(Arrays.mismatch(ours, theirs))
                .as("first difference of the %s, %s and %s bytes, seed %s", what, ours.length, theirs.length, SEED)
                .isEqualTo(-1);
    }
}
