package dev.weft.yjs;

import static dev.weft.yjs.HistoryChecks.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What must hold for the compaction of every history, wherever it comes from. */
final class CompactionChecks {
    private CompactionChecks() {}

    static void check(History history) {
        String seed = "seed " + history.seed();
        byte[] merged = Updates.merge(history.updates());
        byte[] compacted = Updates.compact(history.updates());
        Updates.check(compacted);
        assertThat(Updates.stateVector(compacted)).as("state vector, %s", seed).isEqualTo(Updates.stateVector(merged));
        assertThat(Contents.of(compacted).covers(merged))
                .as("contents, %s", seed)
                .isTrue();
        assertThat(hex(Updates.compact(List.of(compacted))))
                .as("again, %s", seed)
                .isEqualTo(hex(compacted));

        if (history.complete() && !history.withEmoji()) {
            // Of what comes twice, cut otherwise, the one may take the whole and the other the parts.
            assertThat(Units.differences(Updates.compact(List.of(merged)), compacted))
                    .as("of the merged updates, %s", seed)
                    .isEmpty();
        }

        // What Yjs has collected and joined is canonical: there is nothing to add to it.
        byte[] theirs = history.answer("collected");
        assertThat(hex(History.normalised(Updates.compact(List.of(theirs)))))
                .as("their state, %s", seed)
                .isEqualTo(hex(History.normalised(theirs)));

        if (!history.complete()) {
            assertThat(hex(compacted)).as("uncollected, %s", seed).isEqualTo(hex(merged));
        } else if (!history.withEmoji()) {
            clocks(Units.of(compacted), Units.of(theirs), seed);
        }
    }

    /** Clock by clock the state of Yjs, but for losers in maps, and what is in them, which a document has to find. */
    private static void clocks(Map<String, String> ours, Map<String, String> theirs, String seed) {
        assertThat(ours.keySet()).as("clocks, %s", seed).isEqualTo(theirs.keySet());
        ours.forEach((id, unit) -> {
            String their = theirs.get(id);
            if (their != null && !unit.equals(their)) {
                assertThat(their).as("%s, which is %s here, %s", id, unit, seed).matches("(gc|deleted) ?.*");
                assertThat(unit).as("%s, %s", id, seed).doesNotStartWith("gc");
            }
        });
    }

    /** The delete set of an update. */
    static String deletions(byte[] update) {
        Input in = Input.trusting(update);
        StructReader reader = StructReader.of(in);
        while (reader.nextBlock()) {
            while (reader.next()) {
                // Only to the delete set.
            }
        }
        return hex(Arrays.copyOfRange(update, in.position(), update.length));
    }
}
