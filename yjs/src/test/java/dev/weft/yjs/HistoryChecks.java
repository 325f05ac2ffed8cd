package dev.weft.yjs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;

/** What must hold for every history, wherever it comes from. */
final class HistoryChecks {
    private HistoryChecks() {}

    static void check(History history) {
        String seed = "seed " + history.seed();
        history.updates().forEach(Updates::check);

        byte[] merged = Updates.merge(history.updates());
        Updates.check(merged);
        if (!history.hasCollectedElsewhere()) {
            assertThat(hex(History.normalised(merged)))
                    .as("merge, %s", seed)
                    .isEqualTo(hex(History.normalised(history.answer("merged"))));
        }

        byte[] theirs = history.answer("merged");
        assertThat(hex(Updates.stateVector(theirs).encode()))
                .as("state vector, %s", seed)
                .isEqualTo(hex(history.answer("stateVector")));

        byte[] difference = Updates.diff(theirs, StateVector.decode(history.answer("have")));
        Updates.check(difference);
        assertThat(hex(History.normalised(difference)))
                .as("difference, %s", seed)
                .isEqualTo(hex(History.normalised(history.answer("difference"))));

        contents(history, merged, seed);
        conversions(history, seed);
    }

    private static void conversions(History history, String seed) {
        byte[] v2 = UpdatesV2.fromV1(history.answer("merged"));
        assertThat(hex(v2)).as("V1 to V2, %s", seed).isEqualTo(hex(history.answer("v2")));
        assertThat(hex(UpdatesV2.toV1(v2))).as("V2 to V1, %s", seed).isEqualTo(hex(history.answer("v1")));
        assertThat(hex(UpdatesV2.toV1(history.answer("documentV2"))))
                .as("document V2 to V1, %s", seed)
                .isEqualTo(hex(history.answer("documentV1")));
    }

    /** Text shows where two of them differ. */
    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static void contents(History history, byte[] merged, String seed) {
        Contents all = Contents.of(merged);
        assertThat(all.stateVector()).as("contents, %s", seed).isEqualTo(Updates.stateVector(merged));
        Contents grown = Contents.empty();
        for (byte[] update : history.updates()) {
            assertThat(all.covers(update)).as("all covers each, %s", seed).isTrue();
            grown = grown.plus(update);
            assertThat(grown.covers(update))
                    .as("covers what was added, %s", seed)
                    .isTrue();
        }
        assertThat(grown.covers(merged))
                .as("all of them cover the merge, %s", seed)
                .isTrue();
    }
}
