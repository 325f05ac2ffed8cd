package dev.weft.yjs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ContentsTest {
    private static final byte[] FIRST = Bytes.of(1, 1, 7, 0, Bytes.text("abc"), 1, 7, 1, 0, 1);
    /** Begins where the first one ends, so that its own state vector is empty. */
    private static final byte[] SECOND = Bytes.of(
            2, 1, 9, 0, Bytes.text("x"), 1, 7, 3, Bytes.itemAfter(StructReader.STRING, 7, 2, "de"), 1, 7, 1, 4, 1);

    private static final Contents BOTH = Contents.union(List.of(Contents.of(FIRST), Contents.of(SECOND)));

    @Test
    void partsMakeAWhole() {
        byte[] merged = Updates.merge(List.of(FIRST, SECOND));
        assertThat(BOTH.stateVector()).isEqualTo(Updates.stateVector(merged));
        assertThat(BOTH.covers(merged)).isTrue();
        assertThat(Contents.union(List.of()).covers(FIRST)).isFalse();
        assertThat(Contents.union(List.of()).stateVector().isEmpty()).isTrue();
    }

    @Test
    void deletionsAreAnUpdateWithoutStructs() {
        assertThat(BOTH.deletions()).isEqualTo(Bytes.of(0, 1, 7, 2, 0, 1, 4, 1));
        assertThat(Contents.empty().deletions()).isEqualTo(Updates.empty());
    }

    @Test
    void structsBeyondAStateVectorAreFoundBehindGapsToo() {
        assertThat(Contents.of(SECOND).hasStructsBeyond(Updates.stateVector(FIRST)))
                .isTrue();
        assertThat(BOTH.hasStructsBeyond(BOTH.stateVector())).isFalse();
        assertThat(BOTH.hasStructsBeyond(Updates.stateVector(FIRST))).isTrue();
        assertThat(Contents.of(FIRST).hasStructsBeyond(BOTH.stateVector())).isFalse();
        assertThat(Contents.empty().hasStructsBeyond(StateVector.empty())).isFalse();
    }

    @Test
    void whatIsKnownOfOtherDocumentsOrMoreDoesNotMatter() {
        StateVector have = Updates.stateVector(
                Bytes.of(3, 1, 9, 0, Bytes.text("xyz"), 1, 7, 0, Bytes.text("a"), 1, 1, 0, Bytes.text("else"), 0));
        StateVector expected = Updates.stateVector(Bytes.of(2, 1, 9, 0, Bytes.text("x"), 1, 7, 0, Bytes.text("a"), 0));
        assertThat(BOTH.knownTo(have)).isEqualTo(expected);
        assertThat(Contents.empty().knownTo(have).isEmpty()).isTrue();
    }

    @Test
    void memoryGrowsWithTheRanges() {
        assertThat(BOTH.memory()).isBetween(Contents.empty().memory() + 1, 1_000L);
    }

    @Test
    void clocksAreFoundInWhateverOrderTheyAreAskedFor() {
        long seed = Long.getLong("weft.seed", new Random().nextInt(1 << 30));
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            RangeSet.Builder builder = new RangeSet.Builder();
            for (int r = random.nextInt(12); r > 0; r--) {
                long from = random.nextInt(40);
                builder.add(1 + random.nextInt(3), from, from + 1 + random.nextInt(5));
            }
            RangeSet set = builder.build();
            RangeSet.Lookup lookup = set.lookup();
            long from = 0;
            for (int q = 0; q < 60; q++) {
                from = random.nextInt(3) == 0 ? random.nextInt(45) : from + random.nextInt(4);
                long client = random.nextInt(4) == 0 ? random.nextInt(5) : 1;
                long to = from + 1 + random.nextInt(4);
                assertThat(lookup.covers(client, from, to))
                        .as("seed %s, client %s, %s to %s", seed, client, from, to)
                        .isEqualTo(set.covers(client, from, to));
            }
        }
    }

    @Test
    void indexedUpdateKnowsItsContents() {
        long seed = Long.getLong("weft.seed", new Random().nextInt(1 << 30));
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            byte[] update = new RandomUpdates(random, 1 + random.nextInt(5), 60).update();
            Contents scanned = Contents.of(update);
            Contents indexed = IndexedUpdate.of(update).contents();
            assertThat(indexed.covers(update)).as("seed %s", seed).isTrue();
            assertThat(indexed.stateVector()).as("seed %s", seed).isEqualTo(scanned.stateVector());
            assertThat(indexed.deletions()).as("seed %s", seed).isEqualTo(scanned.deletions());
        }
    }
}
