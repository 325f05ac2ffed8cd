package dev.weft.yjs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Compaction of random histories against documents with {@code gc: true} in Yjs. {@code -Dweft.histories=} says how many,
 * {@code -Dweft.seed=} which one comes first; a failure names the seed of its history.
 */
class CompactionDifferentialTest {
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
    void compactionIsTheStateOfADocumentThatCollects() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + HISTORIES; seed++) {
            History history = yjs.history(seed);
            CompactionChecks.check(history);
            if (history.isMeasure() && !history.updates().isEmpty()) {
                loads(history);
            }
            assertThat(yjs.apply(Updates.empty(), List.of(Updates.compact(history.updates()))))
                    .containsExactly("ok");
        }
    }

    /** A document loaded from the compaction is the one that collected itself, in all that is seen and in every clock. */
    private static void loads(History history) {
        String seed = "seed " + history.seed();
        byte[] compacted = Updates.compact(history.updates());
        assertThat(yjs.alike(List.of(compacted), history.updates()))
                .as("document, %s", seed)
                .isEqualTo("yes");
        if (!history.complete()) {
            return; // What waits is the same, but not to the byte: it may be kept as collected or as it was.
        }
        byte[] theirs = history.answer("collected");
        byte[] loaded = yjs.collected(List.of(compacted));
        assertThat(Units.differences(loaded, theirs)).as("structs, %s", seed).isEmpty();
        assertThat(CompactionChecks.deletions(loaded))
                .as("deletions, %s", seed)
                .isEqualTo(CompactionChecks.deletions(theirs));

        // Inputs that are compacted already, in steps, with what comes again.
        Random random = new Random(Long.parseLong(history.seed()));
        List<byte[]> shuffled = new ArrayList<>(history.updates());
        Collections.shuffle(shuffled, random);
        int half = random.nextInt(shuffled.size() + 1);
        List<byte[]> rest = new ArrayList<>(shuffled.subList(half, shuffled.size()));
        rest.add(shuffled.getFirst());
        byte[] first = Updates.compact(shuffled.subList(0, half));
        byte[] inSteps = Updates.compact(List.of(Updates.compact(rest), first, shuffled.getLast()));
        assertThat(Units.differences(yjs.collected(List.of(inSteps)), theirs))
                .as("in steps, %s", seed)
                .isEmpty();
        rest.add(random.nextInt(rest.size()), first);
        assertThat(Units.differences(yjs.collected(List.of(Updates.compact(rest))), theirs))
                .as("mixed, %s", seed)
                .isEmpty();
    }

    /**
     * Bogus parents, origins and keys among them: what no client writes leads nowhere else for being compacted, unless it leads Yjs itself
     * to {@linkplain Ambiguity different documents}.
     */
    @Test
    void mutatedUpdatesLeadToTheSameDocument() {
        Random random = new Random(FIRST_SEED);
        int compared = 0;
        int ambiguous = 0;
        for (History history : History.golden()) {
            for (int i = 0; i < Math.max(1, HISTORIES / 30); i++) {
                List<byte[]> updates = new ArrayList<>(history.updates());
                updates.add(Mutations.of(history.updates(), random));
                Collections.shuffle(updates, random);
                byte[] mutated = mergedIfValid(updates);
                if (mutated == null || history.withEmoji()) {
                    continue;
                }
                String difference = difference(mutated);
                if (!difference.isEmpty()) {
                    assertThat(Ambiguity.isIn(mutated, yjs, random))
                            .as("seed %s, %s: %s", FIRST_SEED, HistoryChecks.hex(mutated), difference)
                            .isTrue();
                    ambiguous++;
                }
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(HISTORIES / 10);
        assertThat(ambiguous).isLessThanOrEqualTo(1 + compared / 1_000);
    }

    /** What differs between the documents made from an update and from its compaction. */
    private static String difference(byte[] update) {
        byte[] compacted = Updates.compact(List.of(update));
        String alike = yjs.alike(List.of(compacted), List.of(update));
        return alike.equals("yes")
                ? String.join(
                        ", ", Units.differences(yjs.collected(List.of(compacted)), yjs.collected(List.of(update))))
                : alike;
    }

    /** Where the origins of an item contradict each other: updates that randomness found, made small. */
    @Test
    void originsThatNoClientWritesLeadToTheSameDocument() {
        List<String> found = List.of(
                // The right origin is in a deleted type, the origin is not, and its text has to stay.
                "0108010005010474657874077b2261223a307d0501056172726179077b2261223a357d870100018401000362637526000102016c04626f6c64"
                        + "0474727565c801040106037e7e7e8701020084010902777a0101010203",
                // The right origin is in front of the origin in one item that is deleted in part.
                "02010200c501020101077b2261223a367d01010004010561727261790376736e0101010201",
                "020102000401056172726179047763626b010100e4020302020263750102010301",
                // A value of many parts under a key, one of them deleted.
                "030403008701010084030003736f6e25000300016b077b2261223a357d450201077b2261223a367d01020084030404616a796f0101000401036d"
                        + "6170026b640102010301");
        for (String hex : found) {
            byte[] update = HexFormat.of().parseHex(hex);
            assertThat(difference(update)).as(hex).isEmpty();
        }
    }

    /**
     * The right origin is in front of the origin, in two items that become one: so does Yjs when it applies them, and then puts what comes
     * between them elsewhere.
     */
    @Test
    void yjsItselfPutsAnItemElsewhereOnceItsOriginsAreJoined() {
        byte[] update = HexFormat.of().parseHex("0103010004010474657874036d7872a4010202676ae40104010204786d797600");
        assertThat(difference(update)).isNotEmpty();
        assertThat(Ambiguity.isIn(update, yjs, new Random(1))).isTrue();
    }

    /**
     * A history that randomness found: somebody inserted in front of what the same client had written earlier, and that was cut there
     * by a deletion. Compacted again, it is as it was.
     */
    @Test
    void whatIsInsertedInFrontOfSomethingEarlierDoesNotKeepItsNeighboursApart() {
        CompactionChecks.check(yjs.history(425864662));
    }

    /** What is written with a parent that is no type becomes a GC struct. Another item waited for what that one had waited for. */
    @Test
    void yjsItselfTakesAnotherOrderOnceWhatItWaitedForIsCollected() {
        byte[] update = HexFormat.of()
                .parseHex(
                        "030203000100020202440104046665656e010200840100036c6e6c030100040104746578740174840100027561880100027e7e00");
        assertThat(difference(update)).isNotEmpty();
        assertThat(Ambiguity.isIn(update, yjs, new Random(1))).isTrue();
    }

    private static byte @Nullable [] mergedIfValid(List<byte[]> updates) {
        try {
            updates.forEach(Updates::check);
        } catch (MalformedException e) {
            return null;
        }
        byte[] merged = Updates.merge(updates);
        StructReader reader = StructReader.of(Input.trusting(merged));
        while (reader.nextBlock()) {
            while (reader.next()) {
                if (reader.clockAfter() > 100_000) {
                    return null; // More units than a map holds.
                }
            }
        }
        return merged;
    }

    @Test
    void clientsThatHoldTheOldStateEditAndUndoAndConverge() {
        int undone = 0;
        int collected = 0;
        int alone = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + HISTORIES; seed++) {
            List<byte[]> before = yjs.begin(seed);
            byte[] compacted = Updates.compact(before);
            Oracle.Continuation after = yjs.continueWith(compacted);
            if (!after.verdict().equals("yes")) {
                assertThat(yjs.continueAlone(seed))
                        .as("Yjs converges by itself, but not after compaction, seed %s: %s", seed, after.verdict())
                        .isNotEqualTo("yes");
                alone++;
                continue;
            }

            List<byte[]> all = new ArrayList<>(before);
            all.addAll(after.updates());
            List<byte[]> later = new ArrayList<>(after.updates());
            later.add(compacted);
            byte[] again = Updates.compact(later);
            assertThat(yjs.alike(List.of(again), all))
                    .as("compacted again, seed %s", seed)
                    .isEqualTo("yes");
            assertThat(Units.differences(yjs.collected(List.of(again)), yjs.collected(all)))
                    .as("compacted again, seed %s", seed)
                    .isEmpty();
            undone += after.undone();
            collected += compacted.length < Updates.merge(before).length ? 1 : 0;
        }
        assertThat(undone).isGreaterThan(HISTORIES / 4);
        assertThat(collected).isGreaterThan(HISTORIES / 4);
        assertThat(alone)
                .as("histories in which Yjs itself does not converge")
                .isLessThanOrEqualTo(1 + HISTORIES / 1_000);
    }

    /**
     * A history that randomness found: somebody undoes the deletion of a nested text, and one of the items that come back names the same
     * clock as its origin and its right origin, because its neighbours were joined meanwhile. Who undid sees it elsewhere than all others.
     */
    @Test
    void yjsItselfDoesNotConvergeAfterSomeUndos() {
        assertThat(yjs.continueAlone(506261257)).isNotEqualTo("yes");
    }
}
