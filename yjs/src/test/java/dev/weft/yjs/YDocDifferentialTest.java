package dev.weft.yjs;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random histories, applied by YDoc and by Yjs. {@code -Dweft.histories=} says how many, {@code -Dweft.seed=} which one comes first; a
 * failure names the seed of its history.
 */
class YDocDifferentialTest {
    private static final int HISTORIES = Integer.getInteger("weft.histories", 300);
    private static final long FIRST_SEED = Long.getLong("weft.seed", 5_000_000);

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
    void historiesLeadToTheSameDocumentsAndTheSameUpdates() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + HISTORIES; seed++) {
            yjs.document(seed).check();
        }
    }
}
