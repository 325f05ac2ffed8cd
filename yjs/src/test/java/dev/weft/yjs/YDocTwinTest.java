package dev.weft.yjs;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random programs that documents run in Java and in Yjs at the same time. {@code -Dweft.histories=} says how many, {@code -Dweft.seed=}
 * which one comes first; a failure names the seed and the command.
 */
class YDocTwinTest {
    private static final int PROGRAMS = Integer.getInteger("weft.histories", 400);
    private static final long FIRST_SEED = Long.getLong("weft.seed", 1);

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
    void programsTellTheSameUpdatesAndEventsAsInYjs() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + PROGRAMS; seed++) {
            new TwinProgram(yjs, seed).run();
        }
    }
}
