package dev.weft.yjs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Merges of updates that overlap in every way, to the byte those of Yjs. {@code -Dweft.histories=} says how many histories,
 * {@code -Dweft.seed=} which one comes first; a failure names the seed of its history.
 */
class MergeDifferentialTest {
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
    void mergesOfWhatOverlapsAreThoseOfYjs() {
        int compared = 0;
        int total = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + HISTORIES; seed++) {
            for (Oracle.Overlap overlap : yjs.overlaps(seed)) {
                total++;
                if (!History.hasCollectedElsewhere(overlap.updates())) {
                    check(overlap, "seed " + seed);
                    compared++;
                }
            }
        }
        // A whole history may be without measure, but few are.
        assertThat(compared).isGreaterThanOrEqualTo(total / 2 - 20);
    }

    /** Updates as no clients of one document would write them: each has contents of its own, so that it shows which one was read. */
    @Test
    void mergesOfUpdatesThatContradictEachOtherAreThoseOfYjs() {
        Random random = new Random(FIRST_SEED);
        int compared = 0;
        for (int i = 0; i < 20 * HISTORIES; i++) {
            boolean collected = random.nextBoolean();
            int clients = 1 + random.nextInt(2);
            List<byte[]> updates = Stream.generate(() -> contradicting(random, clients, collected))
                    .limit(2 + random.nextInt(5))
                    .toList();
            if (!History.hasCollectedElsewhere(updates)) {
                check(new Oracle.Overlap(updates, yjs.merge(updates)), "merge %s of seed %s".formatted(i, FIRST_SEED));
                compared++;
            }
        }
        assertThat(compared).isGreaterThanOrEqualTo(5 * HISTORIES);
    }

    private static byte[] contradicting(Random random, int clients, boolean collected) {
        Output blocks = new Output(64);
        for (long client = clients; client > 0; client--) {
            Output structs = new Output(64);
            int count = 1 + random.nextInt(5);
            long first = random.nextInt(8);
            long clock = first;
            for (int i = 0; i < count; i++) {
                int length = 1 + random.nextInt(6);
                boolean skip = i > 0 && i < count - 1 && random.nextInt(4) == 0;
                byte[] struct = skip ? Bytes.skip(length) : struct(random, client, clock, length, collected);
                structs.copy(struct, 0, struct.length);
                clock += length;
            }
            blocks.varUint(count).varUint(client).varUint(first).copy(structs.array(), 0, structs.size());
        }
        return Bytes.of(clients, blocks.toByteArray(), 0);
    }

    private static byte[] struct(Random random, long client, long clock, int length, boolean collected) {
        if (collected && (clock + length) % 3 != 0) {
            return Bytes.gc(length);
        }
        if (random.nextInt(3) == 0) {
            return Bytes.item(StructReader.DELETED, length);
        }
        String letter = random.nextInt(20) == 0 ? "😀" : String.valueOf((char) ('a' + random.nextInt(26)));
        String text = letter.repeat(length).substring(0, length);
        return clock == 0 ? Bytes.text(text) : Bytes.itemAfter(StructReader.STRING, client, clock - 1, text);
    }

    private static void check(Oracle.Overlap overlap, String seed) {
        byte[] merged = Updates.merge(overlap.updates());
        assertThat(HistoryChecks.hex(History.normalised(merged)))
                .as("merge, %s", seed)
                .isEqualTo(HistoryChecks.hex(History.normalised(overlap.merged())));
    }
}
