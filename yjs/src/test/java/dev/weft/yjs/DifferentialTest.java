package dev.weft.yjs;

import static java.nio.charset.StandardCharsets.UTF_8;
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
    void everyOperationAnswersAsYjsDoes() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + HISTORIES; seed++) {
            History history = yjs.history(seed);
            HistoryChecks.check(history);
            applies(history);
        }
    }

    /**
     * A history that randomness found: applied one after the other, its updates leave Yjs a document that differs from the one which it
     * makes of its own merge, because it takes other formatting for redundant. Hence documents are compared that keep all formatting.
     */
    @Test
    void yjsItselfDropsOtherFormattingWhenUpdatesComeMerged() {
        History history = yjs.history(864549048);
        assertThat(yjs.same(List.of(history.answer("merged")), history.updates()))
                .isNotEqualTo("yes");
        assertThat(yjs.alike(List.of(history.answer("merged")), history.updates()))
                .isEqualTo("yes");
        assertThat(yjs.alike(List.of(Updates.merge(history.updates())), history.updates()))
                .isEqualTo("yes");
    }

    /**
     * A history that randomness found: one update holds what is written already, a gap, and something that reaches beyond. Yjs goes on in
     * it, although another update's structs begin earlier, and so keeps an item whole that the other one has cut.
     */
    @Test
    void updateWhoseBeginningIsWrittenAlreadyIsReadOnBeyondItsGap() {
        History history = yjs.history(58559470);
        HistoryChecks.check(history);
        applies(history);
    }

    /**
     * A history that randomness found: one update has collected a struct that another holds as it was and that waits for something missing.
     * Yjs's documents differ until that comes, by whether the updates came merged.
     */
    @Test
    void yjsItselfIntegratesWhatIsCollectedBeforeWhatItWaitedForHasCome() {
        History history = yjs.history(77000759);
        assertThat(history.isMeasure()).isFalse();
        assertThat(yjs.alike(List.of(history.answer("merged")), history.updates()))
                .isNotEqualTo("yes");
        HistoryChecks.check(history);
        CompactionChecks.check(history);
    }

    /** Whatever the bytes: a document made from our results is the one made from the updates. */
    private static void applies(History history) {
        List<byte[]> updates = history.updates();
        byte[] merged = Updates.merge(updates);
        if (history.isMeasure()) {
            assertThat(yjs.alike(List.of(merged), updates))
                    .as("document, seed %s", history.seed())
                    .isEqualTo("yes");
        }
        assertThat(yjs.apply(Updates.empty(), List.of(merged))).containsExactly("ok");

        Random random = new Random(Long.parseLong(history.seed()));
        List<byte[]> shuffled = new ArrayList<>(updates);
        Collections.shuffle(shuffled, random);
        int half = random.nextInt(shuffled.size() + 1);
        byte[] first = Updates.merge(shuffled.subList(0, half));
        byte[] inTwoSteps = Updates.merge(List.of(
                first,
                Updates.diff(Updates.merge(shuffled.subList(half, shuffled.size())), Updates.stateVector(first))));
        if (history.isMeasure()) {
            assertThat(yjs.alike(List.of(inTwoSteps), List.of(merged)))
                    .as("merged in two steps, seed %s", history.seed())
                    .isEqualTo("yes");
        }
    }

    /** The check promises that clients read without an exception what passes. */
    @Test
    void yjsReadsWhateverPassesTheCheck() {
        Random random = new Random(FIRST_SEED);
        int passed = 0;
        for (History history : History.golden()) {
            List<byte[]> samples = history.updates();
            byte[] base = random.nextBoolean()
                    ? Updates.empty()
                    : Updates.merge(samples.subList(0, random.nextInt(samples.size())));
            List<byte[]> batch = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                byte[] mutation = Mutations.of(samples, random);
                if (passes(mutation)) {
                    batch.add(mutation);
                }
            }
            List<String> answers = yjs.apply(base, batch);
            for (int i = 0; i < batch.size(); i++) {
                assertThat(answers.get(i))
                        .as(
                                "seed %s, update %s on %s",
                                FIRST_SEED, HistoryChecks.hex(batch.get(i)), HistoryChecks.hex(base))
                        .isEqualTo("ok");
            }
            passed += batch.size();
        }
        assertThat(passed).isGreaterThan(1_000);
    }

    private static boolean passes(byte[] update) {
        try {
            Updates.check(update);
            return true;
        } catch (MalformedException e) {
            return false;
        }
    }

    @Test
    void jsonIsWhatJsonParseTakes() {
        List<byte[]> samples = JsonSyntaxTest.samples();
        Random random = new Random(FIRST_SEED);
        for (int round = 0; round < 10; round++) {
            List<byte[]> texts = new ArrayList<>();
            while (texts.size() < 1_000) {
                byte[] text = Mutations.of(samples, random);
                if (text.length > 0 && JsonSyntaxTest.isUtf8(text)) {
                    texts.add(text);
                }
            }
            boolean[] expected = yjs.isJson(texts);
            for (int i = 0; i < expected.length; i++) {
                assertThat(JsonSyntaxTest.isJson(texts.get(i)))
                        .as("seed %s, text %s", FIRST_SEED, new String(texts.get(i), UTF_8))
                        .isEqualTo(expected[i]);
            }
        }
    }
}
