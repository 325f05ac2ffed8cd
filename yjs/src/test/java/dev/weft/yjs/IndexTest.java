package dev.weft.yjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The side index. {@code -Dweft.seed=} repeats a random run. */
class IndexTest {
    private static final long SEED = Long.getLong("weft.seed", new Random().nextInt(Integer.MAX_VALUE));
    private static final int CHECKSUM_BYTES = 4;

    private static final byte[] HELLO = Bytes.of(1, 1, 7, 0, Bytes.text("hello"), 1, 7, 1, 0, 1);

    @Test
    void indexedUpdatesOfAnyShapeGiveTheResultsOfUpdates() {
        for (long seed = SEED; seed < SEED + 400; seed++) {
            Random random = new Random(seed);
            RandomUpdates updates = new RandomUpdates(random, 1 + random.nextInt(6), seed % 4 == 0 ? 600 : 80);
            List<byte[]> some = updates.updates(1 + random.nextInt(6));
            List<byte[]> before = some.stream().map(byte[]::clone).toList();
            IndexChecks.check(some, updates::stateVector, random, "seed " + seed);
            for (int i = 0; i < some.size(); i++) {
                assertThat(some.get(i)).as("source, seed %s", seed).isEqualTo(before.get(i));
            }
        }
    }

    @Test
    void goldenHistoriesGiveTheResultsOfUpdates() {
        History.golden().forEach(IndexTest::check);
    }

    @Test
    void randomHistoriesOfYjsGiveTheResultsOfUpdates() throws IOException, InterruptedException {
        try (Oracle yjs = Oracle.start()) {
            for (long seed = SEED; seed < SEED + 150; seed++) {
                check(yjs.history(seed));
            }
        }
    }

    private static void check(History history) {
        Random random = new Random(Long.parseLong(history.seed()));
        List<byte[]> updates = new ArrayList<>(history.updates());
        Supplier<StateVector> vectors = () -> Updates.stateVector(Updates.merge(
                updates.stream().filter(update -> random.nextBoolean()).toList()));
        IndexChecks.check(updates, vectors, random, "history " + history.seed());
        Collections.shuffle(updates, random);
        IndexChecks.check(updates, vectors, random, "shuffled history " + history.seed());
        updates.addFirst(history.answer("documentV1"));
        IndexChecks.check(updates, vectors, random, "document of history " + history.seed());
    }

    /** A chain of merges keeps its index by itself, over many generations. */
    @Test
    void indexOfAMergeServesTheNextMerge() {
        Random random = new Random(SEED);
        RandomUpdates updates = new RandomUpdates(random, 4, 900);
        List<byte[]> all = new ArrayList<>();
        IndexedUpdate document = IndexedUpdate.of(Updates.empty());
        for (int i = 0; i < 60; i++) {
            byte[] update = Updates.diff(updates.update(), updates.stateVector());
            byte[] expected = Updates.merge(List.of(document.bytes(), update));
            document = document.merge(List.of(update)).toIndexed();
            all.add(update);
            assertThat(document.bytes()).as("seed %s", SEED).isEqualTo(expected);
        }
        IndexChecks.checkIndex(document, "seed " + SEED);
        assertThat(document.stateVector()).isEqualTo(Updates.stateVector(Updates.merge(all)));
    }

    /** The point of it all. Bytes that nothing reads may be anything, so what is far from where something happens is made unreadable. */
    @Test
    void onlyAFewStructsAndDeletionsAreRead() {
        long client = 7;
        int structs = 10_000;
        List<byte[]> parts = new ArrayList<>(List.of(Bytes.text("first")));
        RangeSet.Builder deleted = new RangeSet.Builder();
        for (int i = 5; i < structs; i++) {
            parts.add(Bytes.itemAfter(StructReader.FORMAT, client, i - 1, "bold", "true"));
            deleted.add(client, 2L * i, 2L * i + 1);
        }
        Output deletions = new Output(16);
        deleted.build().writeDeleteSet(deletions);
        byte[] update = Bytes.of(1, parts.size(), client, 0, Bytes.of(parts.toArray()), deletions.toByteArray());
        IndexedUpdate whole = IndexedUpdate.of(update);
        StateVector half = StateVector.decode(Bytes.of(1, client, structs / 2));
        byte[] more = Bytes.of(
                1,
                1,
                client,
                structs - 1,
                Bytes.itemAfter(StructReader.STRING, client, structs - 2, "more"),
                1,
                client,
                1,
                9_000,
                5);

        byte[] torn = update.clone();
        tear(torn, whole.tables().structs(), structs / 2);
        tear(torn, whole.tables().deletions(), 9_000);
        IndexedUpdate indexed = new IndexedUpdate(torn, whole.tables());
        assertThatThrownBy(() -> IndexedUpdate.of(torn)).isInstanceOf(MalformedException.class);

        assertThat(indexed.stateVector()).isEqualTo(whole.stateVector());
        assertThat(indexed.difference(half).size())
                .isEqualTo(whole.difference(half).size());
        assertThat(indexed.covers(Bytes.of(0, 1, client, 1, 9_000, 1))).isTrue();
        assertThat(indexed.covers(more)).isFalse();
        IndexedUpdate merged = whole.merge(List.of(more)).toIndexed();
        assertThat(indexed.merge(List.of(more))
                        .toIndexed()
                        .index()
                        .tables()
                        .structs()
                        .blockEntries(0))
                .isEqualTo(merged.tables().structs().blockEntries(0));
    }

    /** Makes the only run of a half unreadable, but for what lies near a clock, and its last entry. */
    private static void tear(byte[] update, IndexTable table, long clock) {
        Checkpoints places = table.places();
        int near = places.lastUpToClock(0, places.size(), clock);
        Arrays.fill(update, table.from(0), places.offset(near - 1), (byte) 0xff);
        Arrays.fill(update, places.offset(near + 2), table.last(0), (byte) 0xff);
    }

    /** What nothing else touches stays one piece, however many clients there are. */
    @Test
    void untouchedClientsStayInOneRange() {
        List<byte[]> updates = new ArrayList<>();
        for (int client = 0; client < 1_000; client++) {
            updates.add(Bytes.of(1, 1, client, 0, Bytes.text("text of a client"), 1, client, 1, 0, 3));
        }
        IndexedUpdate document = IndexedUpdate.of(Updates.merge(updates));
        UpdatePlan plan = document.merge(List.of(
                Bytes.of(1, 1, 500, 16, Bytes.itemAfter(StructReader.STRING, 500, 15, "more"), 1, 200, 1, 5, 1)));
        assertThat(plan.buffers().stream().map(ByteBuffer::remaining))
                .as(
                        "all before client 500, its header, text and more; the rest up to client 200's deletions; header, two; the rest")
                .containsExactly(12_477, 4, 21, 9, 16_369, 3, 2, 2, 872);
        assertThat(document.difference(StateVector.empty()).buffers()).hasSize(1);
        assertThat(document.difference(Updates.stateVector(updates.get(300))).buffers().stream()
                        .map(ByteBuffer::remaining))
                .as("the number of blocks, all before client 300, all after")
                .hasSize(3);
    }

    @Test
    void emptyUpdateHasAnIndex() {
        IndexedUpdate empty = IndexedUpdate.of(Updates.empty());
        assertThat(empty.stateVector()).isEqualTo(StateVector.empty());
        assertThat(empty.merge(List.of(HELLO)).toByteArray()).isEqualTo(HELLO);
        assertThat(IndexedUpdate.merge(List.of(), List.of()).toByteArray()).isEqualTo(Updates.empty());
        assertThat(UpdateIndex.decode(empty.index().encode()).belongsTo(Updates.empty()))
                .isTrue();
    }

    @Test
    void updateThatCannotBeReadHasNoIndex() {
        for (int length = 0; length < HELLO.length; length++) {
            byte[] truncated = Arrays.copyOf(HELLO, length);
            assertThatThrownBy(() -> UpdateIndex.of(truncated)).isInstanceOf(MalformedException.class);
        }
        assertThatThrownBy(() -> UpdateIndex.of(Arrays.copyOf(HELLO, HELLO.length + 1)))
                .isInstanceOf(MalformedException.class)
                .hasMessage("no further byte was expected at byte " + HELLO.length);
    }

    /** The bytes of version 1, so that nobody changes the format without changing the version. */
    @Test
    void formatIsTheOneThatIsDocumented() {
        byte[] update = Bytes.of(
                1, 3, 7, 5, Bytes.text("hello"), Bytes.skip(2), Bytes.gc(4), /* deletions */ 1, 7, 2, 0, 1, 3, 1);
        byte[] encoded = UpdateIndex.of(update).encode();
        byte[] withoutChecksums = Bytes.of(
                Arrays.copyOfRange(encoded, 0, 2), Arrays.copyOfRange(encoded, 6, encoded.length - CHECKSUM_BYTES));
        assertThat(withoutChecksums)
                .isEqualTo(Bytes.of(
                        1, // version
                        update.length,
                        1, // canonical deletions
                        new byte[] {1, 1, /* client */ 7, /* header */ 3, /* runs */ 2},
                        new byte[] {0, /* clock */ 5, /* structs */ 1, /* clocks */ 5, /* bytes */ 10, /* last */ 10, 0
                        },
                        new byte[] {
                            /* Skips */
                            1, /* bytes */ 2
                        },
                        new byte[] {
                            /* clock + */
                            2, /* structs */ 1, /* clocks */ 4, /* bytes */ 2, /* last */ 2, 0
                        },
                        0, // no gap at the end
                        new byte[] {1, 1, /* client */ 7, /* header */ 2, /* runs */ 1},
                        new byte[] {0, /* clock */ 0, /* ranges */ 2, /* clocks */ 4, /* bytes */ 4, /* last */ 2, 0},
                        0));
    }

    @Test
    void indexOfAnotherVersionIsRefusedWithItsNumber() {
        byte[] encoded = UpdateIndex.of(HELLO).encode();
        encoded[0] = 2;
        assertThatThrownBy(() -> UpdateIndex.decode(encoded))
                .isInstanceOf(MalformedException.class)
                .hasMessage("an index of version 1 was expected, not of 2 at byte 0");
    }

    @Test
    void everyChangedByteOfAnIndexIsFoundOut() {
        byte[] encoded = UpdateIndex.of(HELLO).encode();
        for (int i = 0; i < encoded.length; i++) {
            byte[] damaged = encoded.clone();
            damaged[i] ^= 4;
            assertThatThrownBy(() -> UpdateIndex.decode(damaged)).isInstanceOf(MalformedException.class);
            byte[] truncated = Arrays.copyOf(encoded, i);
            assertThatThrownBy(() -> UpdateIndex.decode(truncated)).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void indexOfAnotherUpdateIsFoundOut() {
        UpdateIndex index = UpdateIndex.of(HELLO);
        for (int i = 0; i < HELLO.length; i++) {
            byte[] other = HELLO.clone();
            other[i] ^= 1;
            assertThat(index.belongsTo(other)).isFalse();
        }
        assertThat(index.belongsTo(HELLO.clone())).isTrue();
        assertThatThrownBy(() -> IndexedUpdate.of(Updates.empty(), index)).isInstanceOf(MalformedException.class);
    }

    @Test
    void updateIsScannedWhereItsStoredIndexCannotBeUsed() {
        byte[] ofAnother = UpdateIndex.of(Updates.empty()).encode();
        byte[] ofLaterVersion = UpdateIndex.of(HELLO).encode();
        ofLaterVersion[0]++;
        for (byte[] unusable : Arrays.asList(null, new byte[0], ofAnother, ofLaterVersion)) {
            assertThat(IndexedUpdate.of(HELLO, unusable)
                            .difference(StateVector.empty())
                            .toByteArray())
                    .isEqualTo(HELLO);
        }
    }

    /** Nobody who cannot write documents can do this; still it must end, and with nothing but a MalformedException. */
    @Test
    void forgedIndexesLeadToNothingWorseThanAWrongResult() {
        Random random = new Random(SEED);
        int used = 0;
        for (int i = 0; i < 100; i++) {
            RandomUpdates updates = new RandomUpdates(random, 3, 200);
            byte[] document = Updates.merge(updates.updates(3));
            byte[] index = UpdateIndex.of(document).encode();
            List<byte[]> others = updates.updates(2);
            for (int j = 0; j < 100; j++) {
                byte[] forged = Mutations.of(List.of(index), random);
                sign(forged, document);
                try {
                    IndexedUpdate indexed = IndexedUpdate.of(document, UpdateIndex.decode(forged));
                    used++;
                    indexed.stateVector();
                    indexed.covers(others.getFirst());
                    indexed.difference(updates.stateVector()).toByteArray();
                    indexed.merge(others).toIndexed();
                } catch (MalformedException expected) {
                    // Found out.
                }
            }
        }
        assertThat(used).as("forged indexes that were used, seed %s", SEED).isGreaterThan(500);
    }

    /** Gives an index the checksums that it needs to be believed. */
    private static void sign(byte[] index, byte[] document) {
        int lengthBytes = Output.varUintSize(document.length);
        if (index.length > 1 + lengthBytes + 2 * CHECKSUM_BYTES) {
            put(index, 1 + lengthBytes, UpdateIndex.checksum(document, 0, document.length));
        }
        int end = index.length - CHECKSUM_BYTES;
        if (end >= 0) {
            put(index, end, UpdateIndex.checksum(index, 0, end));
        }
    }

    private static void put(byte[] bytes, int at, int checksum) {
        for (int i = 0; i < CHECKSUM_BYTES; i++) {
            bytes[at + i] = (byte) (checksum >>> (Byte.SIZE * i));
        }
    }
}
