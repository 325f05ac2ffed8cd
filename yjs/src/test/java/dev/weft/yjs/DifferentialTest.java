package dev.weft.yjs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random histories against Yjs. {@code -Dweft.histories=} says how many, {@code -Dweft.seed=} which one comes first; a failure
 * names the seed of its history.
 */
class DifferentialTest {
    private static final int HISTORIES = Integer.getInteger("weft.histories", 1_200);
    private static final long FIRST_SEED = Long.getLong("weft.seed", new Random().nextInt(1_000_000_000));

    private static Oracle yjs;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        yjs = Oracle.start();
    }

    @AfterAll
    static void stop() throws IOException {
        if (yjs != null) {
            yjs.close();
        }
    }

    @Test
    void everyOperationAnswersAsYjsDoes() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + HISTORIES; seed++) {
            History history = yjs.history(seed);
            HistoryChecks.check(history);
            applies(history);
        }
    }

    /** Whatever the bytes: a document made from our results is the one made from the updates. */
    private static void applies(History history) {
        List<byte[]> updates = history.updates();
        byte[] merged = Updates.merge(updates);
        if (!history.withEmoji()) {
            // Yjs itself ends with different documents where surrogate pairs were cut, so nothing can be compared.
            assertThat(yjs.same(List.of(merged), updates))
                    .as("document, seed %s", history.seed())
                    .isEqualTo("yes");
        }
        assertThat(yjs.apply(List.of(merged))).isEqualTo("ok");

        Random random = new Random(Long.parseLong(history.seed()));
        List<byte[]> shuffled = new ArrayList<>(updates);
        Collections.shuffle(shuffled, random);
        int half = random.nextInt(shuffled.size() + 1);
        byte[] first = Updates.merge(shuffled.subList(0, half));
        byte[] inTwoSteps = Updates.merge(List.of(
                first,
                Updates.diff(Updates.merge(shuffled.subList(half, shuffled.size())), Updates.stateVector(first))));
        if (!history.withEmoji()) {
            assertThat(yjs.same(List.of(inTwoSteps), List.of(merged)))
                    .as("merged in two steps, seed %s", history.seed())
                    .isEqualTo("yes");
        }
    }
}
