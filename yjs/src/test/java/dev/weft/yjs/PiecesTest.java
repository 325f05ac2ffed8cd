package dev.weft.yjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Cuts into pieces in causal order. {@code -Dweft.seed=} repeats a random run; a failure names its seed. */
class PiecesTest {
    private static final long SEED = Long.getLong("weft.seed", new Random().nextInt(1 << 30));
    private static final int HISTORIES = Integer.getInteger("weft.histories", 300);
    private static final int LARGE = 1 << 20;
    private static final StateVector NOTHING = StateVector.empty();

    /** Two who type behind each other's letters. */
    private static final byte[] IN_TURNS = Bytes.of(
            2,
            3,
            9,
            0,
            after(5, 0, "b"),
            after(5, 1, "d"),
            after(5, 2, "f"),
            3,
            5,
            0,
            Bytes.text("a"),
            after(9, 0, "c"),
            after(9, 1, "e"),
            1,
            9,
            1,
            0,
            1);

    @Test
    void whatStructsDependOnComesFirst() {
        assertThat(PieceChecks.check(List.of(IN_TURNS), NOTHING, 1, "in turns"))
                .containsExactly(
                        Bytes.update(5, 0, Bytes.text("a")),
                        Bytes.update(9, 0, after(5, 0, "b")),
                        Bytes.update(5, 1, after(9, 0, "c")),
                        Bytes.update(9, 1, after(5, 1, "d")),
                        Bytes.update(5, 2, after(9, 1, "e")),
                        Bytes.of(1, 1, 9, 2, after(5, 2, "f"), 1, 9, 1, 0, 1));
    }

    @Test
    void whatFitsIntoOnePieceStaysAsItIs() {
        assertThat(PieceChecks.check(List.of(IN_TURNS), NOTHING, LARGE, "in turns"))
                .containsExactly(IN_TURNS);
        assertThat(PieceChecks.cut(List.of(IN_TURNS, IN_TURNS), NOTHING, LARGE)).containsExactly(IN_TURNS);
        assertThat(PieceChecks.cut(List.of(), NOTHING, LARGE)).containsExactly(Updates.empty());
    }

    @Test
    void rightOriginsAndParentsComeFirstToo() {
        byte[] parent = Bytes.update(3, 0, Bytes.item(StructReader.TYPE, 0));
        byte[] child = Bytes.update(8, 0, Bytes.of(new byte[] {StructReader.STRING, 0}, 3, 0, "in it"));
        byte[] inFront = Bytes.update(
                9, 0, Bytes.of(new byte[] {StructReader.STRING | StructReader.HAS_RIGHT_ORIGIN}, 8, 2, "before it"));
        assertThat(PieceChecks.check(List.of(Updates.merge(List.of(parent, child, inFront))), NOTHING, 1, "depending"))
                .containsExactly(parent, child, inFront);
    }

    @Test
    void whatNeverCanBeIntegratedComesLast() {
        byte[] circle = Bytes.of(
                4,
                1,
                9,
                0,
                after(5, 0, "b"),
                1,
                5,
                0,
                after(9, 0, "a"),
                2,
                2,
                0,
                Bytes.text("fine"),
                after(9, 0, "not"),
                1,
                1,
                0,
                Bytes.text("too"),
                0);
        assertThat(PieceChecks.check(List.of(circle), NOTHING, 1, "circle"))
                .containsExactly(
                        Bytes.update(2, 0, Bytes.text("fine")),
                        Bytes.of(
                                4,
                                1,
                                9,
                                0,
                                after(5, 0, "b"),
                                1,
                                5,
                                0,
                                after(9, 0, "a"),
                                1,
                                2,
                                4,
                                after(9, 0, "not"),
                                1,
                                1,
                                0,
                                Bytes.text("too"),
                                0));
        assertThat(PieceChecks.check(List.of(circle), NOTHING, LARGE, "circle")).containsExactly(circle);

        byte[] missing = Bytes.of(
                3,
                4,
                9,
                0,
                Bytes.text("a"),
                Bytes.skip(2),
                after(9, 2, "d"),
                after(9, 3, "e"),
                1,
                5,
                0,
                after(4, 0, "x"),
                1,
                3,
                0,
                Bytes.text("y"),
                0);
        assertThat(PieceChecks.check(List.of(missing), NOTHING, 1, "missing"))
                .containsExactly(
                        Bytes.update(9, 0, Bytes.text("a")),
                        Bytes.of(
                                3,
                                2,
                                9,
                                3,
                                after(9, 2, "d"),
                                after(9, 3, "e"),
                                1,
                                5,
                                0,
                                after(4, 0, "x"),
                                1,
                                3,
                                0,
                                Bytes.text("y"),
                                0));
        assertThat(PieceChecks.check(List.of(missing), NOTHING, LARGE, "missing"))
                .containsExactly(missing);
    }

    @Test
    void whatTheClientHasIsLeftOutAndCounts() {
        StateVector have = Updates.stateVector(
                Bytes.of(2, 1, 5, 0, Bytes.text("a"), 2, 4, 0, Bytes.text("known"), after(4, 4, "to it"), 0));
        assertThat(PieceChecks.check(List.of(IN_TURNS), have, 1, "in turns"))
                .hasSize(5)
                .startsWith(Bytes.update(9, 0, after(5, 0, "b")));
        byte[] text = Bytes.of(2, 1, 9, 0, after(4, 2, "hers"), 1, 4, 0, Bytes.text("known to it and more"), 0);
        assertThat(PieceChecks.check(List.of(text), have, 1, "text"))
                .containsExactly(
                        Bytes.update(9, 0, after(4, 2, "hers")), Bytes.update(4, 10, after(4, 9, "t and more")));
        byte[] deletions = Bytes.of(0, 1, 9, 1, 0, 1);
        assertThat(PieceChecks.check(List.of(IN_TURNS), Updates.stateVector(IN_TURNS), 1, "all"))
                .containsExactly(deletions);
    }

    @Test
    void whatSeveralUpdatesHoldIsTakenOnce() {
        byte[] first = Bytes.of(1, 2, 7, 0, Bytes.text("abc"), after(7, 2, "def"), 1, 7, 1, 0, 1);
        byte[] second = Bytes.of(1, 1, 7, 4, after(7, 3, "efghi"), 1, 7, 1, 8, 1);
        byte[] third = Bytes.of(1, 3, 7, 1, after(7, 0, "bc"), Bytes.skip(6), after(7, 8, "jk"), 0);
        byte[] all = Bytes.of(
                1,
                4,
                7,
                0,
                Bytes.text("abc"),
                after(7, 2, "def"),
                after(7, 5, "ghi"),
                after(7, 8, "jk"),
                1,
                7,
                2,
                0,
                1,
                8,
                1);
        assertThat(PieceChecks.check(List.of(third, second, first), NOTHING, LARGE, "overlapping"))
                .containsExactly(all);
        assertThat(PieceChecks.check(List.of(third, second, first), NOTHING, 1, "overlapping"))
                .hasSize(4);
    }

    @Test
    void twoBlocksOfOneClientBecomeOne() {
        byte[] twice = Bytes.of(2, 1, 7, 0, Bytes.text("abc"), 1, 7, 3, after(7, 2, "def"), 0);
        assertThat(PieceChecks.cut(List.of(twice), NOTHING, LARGE))
                .containsExactly(Bytes.of(1, 2, 7, 0, Bytes.text("abc"), after(7, 2, "def"), 0));
    }

    @Test
    void aLongStructIsAPieceOfItsOwn() {
        byte[] update = Bytes.of(1, 3, 7, 0, Bytes.text("a"), after(7, 0, "x".repeat(1_000)), after(7, 1_000, "b"), 0);
        List<byte[]> pieces = PieceChecks.check(List.of(update), NOTHING, 100, "long struct");
        assertThat(pieces).hasSize(3);
        assertThat(pieces.get(1)).isEqualTo(Bytes.update(7, 1, after(7, 0, "x".repeat(1_000))));
    }

    @Test
    void anOutlineFitsNoOtherUpdates() {
        PieceOutline outline = PieceOutline.of(List.of(IndexedUpdate.of(IN_TURNS)), 1);
        byte[] longer = Updates.merge(List.of(IN_TURNS, Bytes.update(1, 0, Bytes.text("more"))));
        assertThatThrownBy(() -> outline.pieces(List.of(longer))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> outline.pieces(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThat(outline.pieces(List.of(IN_TURNS))).hasSize(6);
    }

    @Test
    void anOutlineKeepsNothingOfTheUpdates() {
        byte[] update = Bytes.update(7, 0, Bytes.text("x".repeat(100_000)));
        PieceOutline outline = PieceOutline.of(List.of(IndexedUpdate.of(update)), LARGE);
        assertThat(outline.memory()).isLessThan(500);
    }

    @Test
    void malformedUpdatesAreRefused() {
        assertThatThrownBy(() -> PieceChecks.cut(List.of(new byte[] {1, 1}), NOTHING, LARGE))
                .isInstanceOf(MalformedException.class);
    }

    /** If a client that goes on looked at all who wait for it, this would take minutes. */
    @Test
    void manyWhoWaitForTheSameClientCostLittle() {
        int count = 100_000;
        List<byte[]> blocks = new ArrayList<>();
        for (int i = count; i > 0; i--) {
            blocks.add(Bytes.of(1, i + 1, 0, after(1, count - i, "x")));
        }
        List<byte[]> letters = new ArrayList<>(List.of(Bytes.text("a")));
        for (int i = 1; i < count; i++) {
            letters.add(after(1, i - 1, "b"));
        }
        blocks.add(Bytes.of(count, 1, 0, Bytes.of(letters.toArray())));
        byte[] update = Bytes.of(count + 1, Bytes.of(blocks.toArray()), 0);
        List<byte[]> pieces = Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(30), () -> PieceChecks.cut(List.of(update), NOTHING, 1 << 16));
        assertThat(pieces).hasSizeBetween(20, 80);
        assertThat(Updates.merge(pieces)).isEqualTo(update);
    }

    /** As no client writes them: ids of anything, circles, what is missing, gaps. */
    @Test
    void updatesOfAnyShapeAreCutInCausalOrder() {
        for (long seed = SEED; seed < SEED + 3_000; seed++) {
            Random random = new Random(seed);
            int clients = 1 + random.nextInt(5);
            List<byte[]> updates = new ArrayList<>(List.of(tangled(random, clients)));
            byte[] whole = updates.getFirst();
            for (int i = random.nextInt(3); i > 0; i--) {
                StateVector.Builder vector = new StateVector.Builder();
                for (long client = 1; client <= clients; client++) {
                    vector.add(client, random.nextInt(12));
                }
                updates.add(Updates.diff(whole, vector.build()));
            }
            if (updates.size() > 1 && random.nextBoolean()) {
                updates.removeFirst();
            }
            StateVector.Builder have = new StateVector.Builder();
            for (long client = 1; client <= clients + 1; client++) {
                have.add(client, random.nextBoolean() ? 0 : random.nextInt(12));
            }
            PieceChecks.check(updates, have.build(), 1 + random.nextInt(60), "seed " + seed);
        }
    }

    private static byte[] tangled(Random random, int clients) {
        List<byte[]> blocks = new ArrayList<>();
        boolean wild = random.nextInt(3) == 0;
        for (long client = clients; client > 0; client--) {
            List<byte[]> structs = new ArrayList<>();
            long first = random.nextInt(8) == 0 ? 1 + random.nextInt(3) : 0;
            long clock = first;
            for (int i = 1 + random.nextInt(6); i > 0; i--) {
                String text = "xyz".substring(random.nextInt(3));
                boolean gap = wild && !structs.isEmpty() && i > 1 && random.nextInt(10) == 0;
                structs.add(gap ? Bytes.skip(text.length()) : struct(random, client, clock, clients, wild, text));
                clock += text.length();
            }
            blocks.add(Bytes.of(structs.size(), client, first, Bytes.of(structs.toArray())));
        }
        return Bytes.of(blocks.size(), Bytes.of(blocks.toArray()), 0);
    }

    private static byte[] struct(Random random, long client, long clock, int clients, boolean wild, String text) {
        byte kind = StructReader.STRING;
        byte[] one = id(random, client, clock, clients);
        byte[] other = id(random, client, clock, clients);
        return switch (random.nextInt(wild ? 5 : 4)) {
            case 0 -> Bytes.text(text);
            case 1 -> Bytes.of(new byte[] {(byte) (kind | 0xc0)}, one, other, text);
            case 2 -> Bytes.of(new byte[] {kind, 0}, one, text);
            case 3 -> Bytes.of(new byte[] {(byte) (kind | 0x80)}, one, text);
            default -> Bytes.gc(text.length());
        };
    }

    /** Of another client anything, of the same one something earlier. */
    private static byte[] id(Random random, long client, long clock, int clients) {
        long of = 1L + random.nextInt(clients);
        if (of == client && clock == 0) {
            of = clients + 1L;
        }
        long at = of == client ? random.nextLong(clock) : random.nextLong(clock + 4);
        return Bytes.of(of, at);
    }

    @Test
    void updatesWithEveryKindOfStructAreCutInCausalOrder() {
        for (long seed = SEED; seed < SEED + 300; seed++) {
            Random random = new Random(seed);
            RandomUpdates updates = new RandomUpdates(random, 1 + random.nextInt(6), 80);
            List<byte[]> some = updates.updates(1 + random.nextInt(5));
            PieceChecks.check(some, updates.stateVector(), 1 + random.nextInt(1_000), "seed " + seed);
        }
    }

    @Test
    void yjsHasNothingWaitingBetweenPieces() throws IOException, InterruptedException {
        try (Oracle yjs = Oracle.start()) {
            for (long seed = SEED; seed < SEED + HISTORIES; seed++) {
                History history = yjs.history(seed);
                Random random = new Random(seed);
                List<byte[]> pieces =
                        PieceChecks.check(history.updates(), NOTHING, 1 + random.nextInt(300), "seed " + seed);
                applies(yjs, history, Updates.empty(), pieces);

                // What a client has whose connection broke off after some of them.
                byte[] base = Updates.merge(pieces.subList(0, random.nextInt(pieces.size())));
                StateVector have = Updates.stateVector(base);
                List<byte[]> others =
                        PieceChecks.check(history.updates(), have, 1 + random.nextInt(300), "rest, seed " + seed);
                applies(yjs, history, base, others);
            }
        }
    }

    private static void applies(Oracle yjs, History history, byte[] base, List<byte[]> pieces) {
        String label = "seed " + history.seed();
        List<String> waiting = yjs.pieces(base, pieces);
        assertThat(waiting.subList(0, waiting.size() - 1)).as(label).allMatch("ok"::equals);
        if (history.complete()) {
            assertThat(waiting.getLast()).as(label).isEqualTo("ok");
        }
        if (history.isMeasure()) {
            List<byte[]> all = new ArrayList<>(List.of(base));
            all.addAll(pieces);
            assertThat(yjs.alike(all, history.updates())).as(label).isEqualTo("yes");
        }
    }

    private static byte[] after(long client, long clock, String text) {
        return Bytes.itemAfter(StructReader.STRING, client, clock, text);
    }
}
