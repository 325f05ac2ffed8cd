package dev.weft.yjs;

import static dev.weft.yjs.HistoryChecks.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Operations in encoding V2, to the byte those of Yjs. {@code -Dweft.histories=} says how many histories, {@code -Dweft.seed=} which
 * one comes first; a failure names the seed of its history.
 */
class UpdatesV2DifferentialTest {
    private static final int HISTORIES = Integer.getInteger("weft.histories", 600);

    private static final long FIRST_SEED = Long.getLong("weft.seed", new Random().nextInt(1 << 30));

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
    void everyOperationInV2AnswersAsYjsDoes() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + HISTORIES; seed++) {
            Oracle.V2 v2 = yjs.v2(seed);
            v2.updates().forEach(UpdatesV2::check);
            assertThat(hex(UpdatesV2.stateVector(v2.merged()).encode()))
                    .as("state vector, seed %s", seed)
                    .isEqualTo(hex(v2.stateVector()));
            assertThat(hex(UpdatesV2.diff(v2.merged(), StateVector.decode(v2.have()))))
                    .as("difference, seed %s", seed)
                    .isEqualTo(hex(v2.difference()));
            List<byte[]> inV1 = v2.updates().stream().map(UpdatesV2::toV1).toList();
            if (!History.hasCollectedElsewhere(inV1)) {
                assertThat(hex(UpdatesV2.merge(v2.updates())))
                        .as("merge, seed %s", seed)
                        .isEqualTo(hex(v2.merged()));
            }
        }
    }
}
