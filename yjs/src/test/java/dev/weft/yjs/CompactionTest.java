package dev.weft.yjs;

import static dev.weft.yjs.HistoryChecks.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** What compaction collects, what it joins and what it leaves, one test for each rule. */
class CompactionTest {
    private static final int TEXT = StructReader.STRING;
    private static final byte[] ARRAY_TYPE = {0};

    private static byte[] compact(byte[]... updates) {
        byte[] result = Updates.compact(List.of(updates));
        Updates.check(result);
        assertThat(hex(Updates.compact(List.of(result)))).as("again").isEqualTo(hex(result));
        return result;
    }

    private static void compactsTo(byte[] expected, byte[]... updates) {
        assertThat(hex(compact(updates))).isEqualTo(hex(expected));
    }

    private static byte[] deletion(int client, int clock, int length) {
        return Bytes.of(0, 1, client, 1, clock, length);
    }

    private static byte[] deleted(int length) {
        return Bytes.item(StructReader.DELETED, length);
    }

    private static byte[] after(int client, int clock, String text) {
        return Bytes.itemAfter(TEXT, client, clock, text);
    }

    private static byte[] before(int kind, int client, int clock, Object... content) {
        return Bytes.of(new byte[] {(byte) (kind | StructReader.HAS_RIGHT_ORIGIN)}, client, clock, Bytes.of(content));
    }

    private static byte[] between(int kind, int originClock, int client, int rightClock, Object... content) {
        int flags = StructReader.HAS_ORIGIN | StructReader.HAS_RIGHT_ORIGIN;
        return Bytes.of(new byte[] {(byte) (kind | flags)}, client, originClock, client, rightClock, Bytes.of(content));
    }

    private static byte[] inside(int kind, int parentClient, int parentClock, Object... content) {
        return Bytes.of(new byte[] {(byte) kind, 0}, parentClient, parentClock, Bytes.of(content));
    }

    private static byte[] value(String key, Object... content) {
        return Bytes.of(
                new byte[] {(byte) (StructReader.ANY | StructReader.HAS_KEY), 1}, "map", key, 1, Bytes.of(content));
    }

    private static byte[] valueAfter(int client, int clock, Object... content) {
        return Bytes.itemAfter(StructReader.ANY, client, clock, 1, Bytes.of(content));
    }

    @Test
    void nothingBecomesTheEmptyUpdate() {
        assertThat(Updates.compact(List.of())).isEqualTo(Updates.empty());
        compactsTo(Updates.empty(), Updates.empty(), Updates.empty());
        compactsTo(Updates.empty(), Bytes.of(1, 0, 7, 3, 0));
    }

    @Test
    void deletedContentBecomesALength() {
        compactsTo(
                Bytes.of(1, 1, 7, 0, deleted(3), 1, 7, 1, 0, 3),
                Bytes.update(7, 0, Bytes.text("abc")),
                deletion(7, 0, 3));
    }

    @Test
    void partlyDeletedItemIsCut() {
        compactsTo(
                Bytes.of(
                        1,
                        4,
                        7,
                        0,
                        Bytes.text("ab"),
                        Bytes.itemAfter(StructReader.DELETED, 7, 1, 2),
                        after(7, 3, "e"),
                        Bytes.itemAfter(StructReader.DELETED, 7, 4, 1),
                        1,
                        7,
                        2,
                        2,
                        2,
                        5,
                        1),
                Bytes.update(7, 0, Bytes.text("abcdef")),
                deletion(7, 2, 2),
                deletion(7, 5, 1));
    }

    @Test
    void partlyDeletedItemKeepsItsRightOriginAndJoinsItsNeighbours() {
        byte[] values = {Any.NULL, Any.UNDEFINED, Any.TRUE};
        byte[] update = Bytes.of(
                1,
                4,
                7,
                0,
                Bytes.text("r"),
                before(StructReader.ANY, 7, 0, 1, new byte[] {Any.FALSE}),
                between(StructReader.ANY, 1, 7, 0, 3, values),
                between(StructReader.ANY, 4, 7, 0, 1, new byte[] {Any.FALSE}),
                0);
        byte[] expected = Bytes.of(
                1,
                4,
                7,
                0,
                Bytes.text("r"),
                before(StructReader.ANY, 7, 0, 2, new byte[] {Any.FALSE, Any.NULL}),
                between(StructReader.DELETED, 2, 7, 0, 1),
                between(StructReader.ANY, 3, 7, 0, 2, new byte[] {Any.TRUE, Any.FALSE}),
                1,
                7,
                1,
                3,
                1);
        compactsTo(expected, update, deletion(7, 3, 1));
    }

    @Test
    void surrogatePairIsCutAsYjsDoes() {
        compactsTo(
                Bytes.of(
                        1,
                        3,
                        7,
                        0,
                        Bytes.text("a"),
                        Bytes.itemAfter(StructReader.DELETED, 7, 0, 1),
                        after(7, 1, "\uFFFDb"),
                        1,
                        7,
                        1,
                        1,
                        1),
                Bytes.update(7, 0, Bytes.text("a😀b")),
                deletion(7, 1, 1));
        compactsTo(
                Bytes.of(
                        1,
                        2,
                        7,
                        0,
                        Bytes.text("a\uFFFD"),
                        Bytes.itemAfter(StructReader.DELETED, 7, 1, 2),
                        1,
                        7,
                        1,
                        2,
                        2),
                Bytes.update(7, 0, Bytes.text("a😀b")),
                deletion(7, 2, 2));
    }

    /** The child that no delete set names was inserted while somebody else deleted the type. */
    @Test
    void childrenOfDeletedTypesAreCollectedAndDeleted() {
        byte[] update = Bytes.of(
                2,
                3,
                9,
                0,
                inside(TEXT, 7, 0, "unnamed"),
                after(7, 2, "x"),
                before(TEXT, 7, 1, "y"),
                3,
                7,
                0,
                Bytes.item(StructReader.TYPE, ARRAY_TYPE),
                inside(StructReader.TYPE, 7, 0, ARRAY_TYPE),
                inside(TEXT, 7, 1, "grandchild"),
                1,
                7,
                1,
                0,
                1);
        byte[] expected =
                Bytes.of(2, 1, 9, 0, Bytes.gc(9), 2, 7, 0, deleted(1), Bytes.gc(11), 2, 9, 1, 0, 9, 7, 1, 0, 12);
        compactsTo(expected, update);
    }

    @Test
    void childrenOfCollectedOrDeletedParentsOrOfNoTypeAreCollected() {
        byte[] update = Bytes.of(
                1,
                6,
                7,
                0,
                Bytes.gc(1),
                deleted(1),
                Bytes.text("z"),
                inside(TEXT, 7, 0, "a"),
                inside(TEXT, 7, 1, "b"),
                inside(TEXT, 7, 2, "c"),
                0);
        compactsTo(
                Bytes.of(1, 4, 7, 0, Bytes.gc(1), deleted(1), Bytes.text("z"), Bytes.gc(3), 1, 7, 2, 0, 2, 3, 3),
                update);
    }

    /**
     * Found by mutating updates. A document that deletes the type after it has integrated all of this keeps "x" beside "a"; one that
     * has collected "c" before makes a GC struct of it. So which of the two the others have cannot be known.
     */
    @Test
    void nothingIsCollectedWhereOnlyTheRightOriginOfAnItemIsInADeletedType() {
        byte[] contradicting = Bytes.of(
                1,
                4,
                7,
                0,
                Bytes.text("ab"),
                Bytes.item(StructReader.TYPE, ARRAY_TYPE),
                inside(TEXT, 7, 2, "c"),
                between(TEXT, 0, 7, 3, "x"),
                1,
                7,
                1,
                2,
                1);
        compactsTo(contradicting, contradicting);
        byte[] bothInDeletedTypes = Bytes.of(
                1,
                5,
                7,
                0,
                Bytes.item(StructReader.TYPE, ARRAY_TYPE),
                inside(TEXT, 7, 0, "a"),
                Bytes.item(StructReader.TYPE, ARRAY_TYPE),
                inside(TEXT, 7, 2, "c"),
                between(TEXT, 1, 7, 3, "x"),
                1,
                7,
                2,
                0,
                1,
                2,
                1);
        compactsTo(
                Bytes.of(1, 4, 7, 0, deleted(1), Bytes.gc(1), deleted(1), Bytes.gc(2), 1, 7, 1, 0, 5),
                bothInDeletedTypes);
    }

    /** Found by random ids. Of "abc" a document puts "x" in front of its right origin; cut at the deletion, it would put it behind "c". */
    @Test
    void nothingIsCollectedWhereTheRightOriginIsBeforeTheOriginInOneItem() {
        byte[] text = Bytes.update(7, 0, Bytes.text("abc"));
        for (int right = 1; right <= 2; right++) {
            byte[] inserted = Bytes.update(8, 0, between(TEXT, 2, 7, right, "x"));
            byte[] merged = Updates.merge(List.of(text, inserted, deletion(7, 2, 1)));
            compactsTo(merged, merged);
        }
    }

    /** Cut, the deleted part would be the last value of the key, and delete the other. */
    @Test
    void itemWithAKeyIsNotCut() {
        byte[] update = Bytes.of(
                1,
                1,
                7,
                0,
                Bytes.of(new byte[] {(byte) (TEXT | StructReader.HAS_KEY), 1}, "map", "key", "ab"),
                1,
                7,
                1,
                1,
                1);
        compactsTo(update, update);
    }

    @Test
    void neighboursAreJoined() {
        byte[] update = Bytes.of(
                1,
                6,
                7,
                0,
                Bytes.text("a"),
                after(7, 0, "bc"),
                after(7, 2, "d"),
                after(7, 3, "e"),
                after(7, 4, "f"),
                after(7, 5, "g"),
                1,
                7,
                1,
                3,
                2);
        byte[] expected = Bytes.of(
                1,
                3,
                7,
                0,
                Bytes.text("abc"),
                Bytes.itemAfter(StructReader.DELETED, 7, 2, 2),
                after(7, 4, "fg"),
                1,
                7,
                1,
                3,
                2);
        compactsTo(expected, update);
    }

    @Test
    void itemsOfDifferentKindsOrRightOriginsOrOriginsAreNotJoined() {
        byte[] update = Bytes.of(
                1,
                5,
                7,
                0,
                Bytes.text("a"),
                Bytes.itemAfter(StructReader.ANY, 7, 0, 1, new byte[] {Any.NULL}),
                between(StructReader.ANY, 1, 7, 0, 1, new byte[] {Any.NULL}),
                Bytes.itemAfter(StructReader.ANY, 7, 1, 1, new byte[] {Any.NULL}),
                Bytes.item(StructReader.ANY, 1, new byte[] {Any.NULL}),
                0);
        compactsTo(update, update);
    }

    @Test
    void itemsBeforeDifferentOnesOfAClientAreNotJoined() {
        byte[] update = Bytes.of(
                1, 4, 7, 0, Bytes.text("p"), after(7, 0, "q"), before(TEXT, 7, 0, "x"), between(TEXT, 2, 7, 1, "y"), 0);
        compactsTo(update, update);
    }

    /** Otherwise the value that was overwritten would come back: one item of two values, both live. */
    @Test
    void liveItemsWithAKeyAreNeverJoined() {
        byte[] update = Bytes.of(
                1,
                3,
                7,
                0,
                value("key", new byte[] {Any.TRUE}),
                valueAfter(7, 0, new byte[] {Any.FALSE}),
                valueAfter(7, 1, new byte[] {Any.NULL}),
                0);
        compactsTo(update, update);
    }

    /** Which of the two has lost, only a document can tell. It deletes the loser when it integrates both. */
    @Test
    void bothValuesOfAConcurrentWriteToAKeyStay() {
        byte[] one = Bytes.update(8, 0, value("key", new byte[] {Any.TRUE}));
        byte[] other = Bytes.update(7, 0, value("key", new byte[] {Any.FALSE}));
        compactsTo(Updates.merge(List.of(one, other)), one, other);
    }

    @Test
    void deletedItemsWithAKeyAreJoined() {
        byte[] update = Bytes.of(
                1,
                3,
                7,
                0,
                value("key", new byte[] {Any.TRUE}),
                valueAfter(7, 0, new byte[] {Any.FALSE}),
                valueAfter(7, 1, new byte[] {Any.NULL}),
                1,
                7,
                1,
                0,
                2);
        byte[] gone = Bytes.of(new byte[] {StructReader.DELETED | StructReader.HAS_KEY, 1}, "map", "key", 2);
        compactsTo(Bytes.of(1, 2, 7, 0, gone, valueAfter(7, 1, new byte[] {Any.NULL}), 1, 7, 1, 0, 2), update);
    }

    @Test
    void itemsAreNotJoinedWhereAnotherWasInserted() {
        byte[] typed = Bytes.of(1, 2, 7, 0, Bytes.text("a"), after(7, 0, "c"), 0);
        byte[] afterLeft = Bytes.update(8, 0, after(7, 0, "b"));
        byte[] beforeRight = Bytes.update(8, 0, before(TEXT, 7, 1, "b"));
        for (byte[] inserted : List.of(afterLeft, beforeRight)) {
            compactsTo(Updates.merge(List.of(typed, inserted)), typed, inserted);
        }
        compactsTo(
                Bytes.of(2, 1, 8, 0, before(TEXT, 7, 0, "b"), 1, 7, 0, Bytes.text("ac"), 0),
                typed,
                Bytes.update(8, 0, before(TEXT, 7, 0, "b")));
    }

    /** The origins of what is collected are gone, so they cut nothing. */
    @Test
    void collectedItemsDoNotKeepTheirNeighboursApart() {
        byte[] update =
                Bytes.of(1, 4, 7, 0, Bytes.text("a"), after(7, 0, "b"), Bytes.gc(1), between(TEXT, 0, 7, 2, "dead"), 0);
        compactsTo(Bytes.of(1, 2, 7, 0, Bytes.text("ab"), Bytes.gc(5), 1, 7, 1, 2, 5), update);
    }

    @Test
    void whileSomethingIsMissingNothingIsCollected() {
        byte[] start = Bytes.update(7, 0, Bytes.text("abcd"));
        byte[] middle = Bytes.update(7, 4, after(7, 3, "ef"));
        byte[] end = Bytes.update(7, 6, after(7, 5, "gh"));
        byte[] other = Bytes.update(8, 0, after(7, 5, "!"));
        byte[] child = Bytes.update(9, 0, inside(TEXT, 7, 5, "?"));
        byte[] right = Bytes.update(6, 0, before(TEXT, 7, 5, "?"));
        byte[] deletion = deletion(7, 1, 2);
        for (byte[] waiting : List.of(end, other, child, right)) {
            byte[] incomplete = compact(start, deletion, waiting);
            assertThat(hex(incomplete)).isEqualTo(hex(Updates.merge(List.of(start, deletion, waiting))));
            compactsTo(compact(start, deletion, middle, waiting), middle, incomplete);
        }
        assertThat(compact(start, deletion, end, middle)).hasSizeLessThan(40);
        byte[] late = Bytes.of(1, 1, 7, 3, after(7, 2, "d"), 1, 7, 1, 3, 1);
        compactsTo(late, late);
    }

    @Test
    void itemsOfDifferentUpdatesAreJoined() {
        byte[] start = Bytes.update(7, 0, Bytes.text("ab"));
        byte[] middle = Bytes.update(7, 2, after(7, 1, "cd"));
        byte[] end = Bytes.update(7, 4, after(7, 3, "ef"));
        byte[] other = Bytes.update(9, 0, Bytes.text("x"));
        byte[] expected = Bytes.of(2, 1, 9, 0, Bytes.text("x"), 1, 7, 0, Bytes.text("abcdef"), 0);
        compactsTo(expected, end, start, other, middle);
        compactsTo(
                Bytes.of(
                        2,
                        1,
                        9,
                        0,
                        Bytes.text("x"),
                        3,
                        7,
                        0,
                        Bytes.text("a"),
                        Bytes.itemAfter(StructReader.DELETED, 7, 0, 3),
                        after(7, 3, "ef"),
                        1,
                        7,
                        1,
                        1,
                        3),
                end,
                deletion(7, 2, 2),
                start,
                other,
                deletion(7, 1, 1),
                middle);
    }

    @Test
    void whatComesTwiceOrInPartCountsOnce() {
        byte[] start = Bytes.update(7, 0, Bytes.text("abc"));
        byte[] part = Bytes.update(7, 1, after(7, 0, "b"));
        byte[] more = Bytes.update(7, 0, Bytes.text("abcd"));
        byte[] overlapping = Bytes.update(7, 2, after(7, 1, "cdef"));
        compactsTo(start, start, start, part);
        compactsTo(more, start, more, part);
        byte[] expected = Bytes.update(7, 0, Bytes.text("abcdef"));
        compactsTo(expected, start, overlapping);
        compactsTo(expected, overlapping, part, more, start);
    }

    @Test
    void gapOfOneUpdateIsFilledByAnother() {
        byte[] withGap = Bytes.of(1, 3, 7, 0, Bytes.text("ab"), Bytes.skip(2), after(7, 3, "ef"), 0);
        byte[] filler = Bytes.update(7, 2, after(7, 1, "cd"));
        compactsTo(Bytes.update(7, 0, Bytes.text("abcdef")), withGap, filler);
    }

    /** Pieces so long that they are not copied before the length in front of them is known. */
    @Test
    void longItemsAreJoinedToo() {
        String text = "longer than what is copied at once ".repeat(20);
        byte[] update = Bytes.of(
                1,
                4,
                7,
                0,
                Bytes.text("a"),
                after(7, 0, text),
                after(7, text.length(), "b"),
                after(7, text.length() + 1, text),
                0);
        compactsTo(Bytes.update(7, 0, Bytes.text("a" + text + "b" + text)), update);
        byte[] cut = Bytes.of(
                1,
                3,
                7,
                0,
                Bytes.text("a" + text.substring(0, 200)),
                Bytes.itemAfter(StructReader.DELETED, 7, 200, 1),
                after(7, 201, text.substring(201) + "b" + text),
                1,
                7,
                1,
                201,
                1);
        compactsTo(cut, update, deletion(7, 201, 1));
    }

    @Test
    void deletionsOfWhatHasNotComeAreKept() {
        byte[] deletions = Bytes.of(0, 2, 8, 1, 5, 2, 7, 1, 1, 9);
        byte[] update = Bytes.of(
                1, 2, 7, 0, Bytes.text("a"), Bytes.itemAfter(StructReader.DELETED, 7, 0, 1), 2, 8, 1, 5, 2, 7, 1, 1, 9);
        compactsTo(update, Bytes.update(7, 0, Bytes.text("ab")), deletions);
    }

    /** No document can ever integrate these, so all there is to do is to pass them on. */
    @Test
    void cyclesAreLeftAsTheyAre() {
        byte[] two = Bytes.of(2, 1, 8, 0, after(7, 0, "a"), 1, 7, 0, after(8, 0, "b"), 1, 7, 1, 0, 1);
        compactsTo(two, two);
        byte[] throughTheirClients = Bytes.of(
                2,
                2,
                8,
                0,
                after(7, 1, "a"),
                Bytes.text("b"),
                2,
                7,
                0,
                after(8, 1, "c"),
                Bytes.text("d"),
                1,
                7,
                1,
                1,
                1);
        compactsTo(throughTheirClients, throughTheirClients);
    }

    @Test
    void updateInTheWrongOrderIsSortedAndCollected() {
        byte[] unsorted = Bytes.of(
                3, 1, 3, 0, Bytes.text("ab"), 1, 9, 0, Bytes.text("c"), 1, 3, 2, after(3, 1, "d"), 1, 3, 1, 0, 3);
        compactsTo(Bytes.of(2, 1, 9, 0, Bytes.text("c"), 1, 3, 0, deleted(3), 1, 3, 1, 0, 3), unsorted);
    }

    /** Measured by what is allocated in all, which is more than is ever held at once. */
    @Test
    void takesAtMostThreeTimesTheSizeOfTheDocument() {
        byte[] document = spreadsheet(100_000);
        byte[] pending = Bytes.update(1, 0, Bytes.text("pending"));
        assertThat(allocated(List.of(document))).isLessThan(3L * document.length);
        // Rows that have to be put into order are held twice, one array of them at a time.
        assertThat(allocated(List.of(pending, document, deletion(7, 3, 1)))).isLessThan(4L * document.length);
    }

    private static long allocated(List<byte[]> updates) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        byte[] result = Updates.compact(updates);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        Updates.check(result);
        return allocated;
    }

    /** Cells in rows of twenty, each a type with a value, half of the values overwritten by three others. */
    private static byte[] spreadsheet(int cells) {
        int client = 1_500_000_000;
        List<byte[]> structs = new ArrayList<>();
        int row = 0;
        byte[] type = {(byte) 1};
        for (int cell = 0; cell < cells; cell++) {
            if (cell % 20 == 0) {
                row = structs.size();
                structs.add(Bytes.item(StructReader.TYPE, type));
            }
            int keyed = StructReader.HAS_KEY;
            int parent = structs.size();
            structs.add(Bytes.of(
                    new byte[] {(byte) (StructReader.TYPE | keyed), 0}, client, row, "c" + cell % 20, type));
            byte[] value = Bytes.of(new byte[] {Any.STRING}, "value " + cell);
            structs.add(Bytes.of(new byte[] {(byte) (StructReader.ANY | keyed), 0}, client, parent, "v", 1, value));
            for (int i = 0; cell % 2 == 0 && i < 3; i++) {
                structs.add(Bytes.itemAfter(StructReader.ANY, client, structs.size() - 1, 1, value));
            }
        }
        Output update = new Output(structs.size() * 30);
        update.varUint(1).varUint(structs.size()).varUint(client).varUint(0);
        structs.forEach(struct -> update.copy(struct, 0, struct.length));
        Output deletions = new Output(structs.size());
        int ranges = 0;
        int at = 0;
        for (int cell = 0; cell < cells; cell++) {
            at += cell % 20 == 0 ? 2 : 1;
            if (cell % 2 == 0) {
                deletions.varUint(at).varUint(3);
                ranges++;
                at += 3;
            }
            at++;
        }
        return update.varUint(1).varUint(client).varUint(ranges).copy(deletions).toByteArray();
    }

    @Test
    void inputsStayAsTheyAre() {
        for (History history : History.golden()) {
            List<byte[]> copies = history.updates().stream().map(byte[]::clone).toList();
            byte[] result = Updates.compact(history.updates());
            assertThat(history.updates())
                    .zipSatisfy(copies, (update, copy) -> assertThat(update).isEqualTo(copy));
            byte[] alone = Updates.compact(List.of(result));
            assertThat(alone).isNotSameAs(result);
        }
    }

    /** Each waits for the next, which an algorithm with recursion does not survive. */
    @Test
    void longChainsOfOriginsTakeNoRecursion() {
        int clients = 200_000;
        Output update = new Output(clients * 12);
        update.varUint(clients);
        for (int client = clients; client > 0; client--) {
            byte[] struct = client == 1 ? Bytes.text("x") : after(client - 1, 0, "x");
            update.varUint(1).varUint(client).varUint(0).copy(struct, 0, struct.length);
        }
        update.varUint(0);
        byte[] result = inTime(List.of(update.toByteArray()), 10);
        assertThat(Updates.stateVector(result).clock(clients)).isEqualTo(1);
    }

    @Test
    void itemsCutIntoManyPartsTakeLinearTime() {
        int parts = 200_000;
        Output deletions = new Output(parts * 4);
        deletions.varUint(0).varUint(1).varUint(7).varUint(parts);
        for (int i = 0; i < parts; i++) {
            deletions.varUint(2L * i).varUint(1);
        }
        byte[] text = Bytes.update(7, 0, Bytes.text("ab".repeat(parts)));
        byte[] pairs = Bytes.update(7, 0, Bytes.text("😀".repeat(parts)));
        byte[] values = Bytes.update(7, 0, Bytes.item(StructReader.ANY, 2 * parts, new byte[2 * parts]));
        for (int i = values.length - 1 - 2 * parts; i < values.length - 1; i++) {
            values[i] = Any.NULL;
        }
        for (byte[] update : List.of(text, pairs, values)) {
            byte[] result = inTime(List.of(update, deletions.toByteArray()), 10);
            Updates.check(result);
            assertThat(Updates.stateVector(result).clock(7)).isEqualTo(2L * parts);
        }
    }

    @Test
    void manySmallUpdatesTakeLinearTimeAndMemory() {
        int count = 200_000;
        Random random = new Random(1);
        List<byte[]> updates = new ArrayList<>();
        long size = 0;
        for (int i = 0; i < count; i++) {
            byte[] struct = i < 4
                    ? Bytes.text("x")
                    : random.nextInt(3) == 0
                            ? after(random.nextInt(4), random.nextInt(i / 4), "x")
                            : after(i % 4, i / 4 - 1, "x");
            updates.add(Bytes.update(i % 4, i / 4, struct));
            if (random.nextInt(3) == 0) {
                updates.add(deletion(i % 4, random.nextInt(i / 4 + 1), 1));
            }
            size += updates.getLast().length;
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        inTime(updates, 10);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(60 * size);
    }

    private static byte[] inTime(List<byte[]> updates, int seconds) {
        return Assertions.assertTimeout(Duration.ofSeconds(seconds), () -> Updates.compact(updates));
    }

    /** Whatever the bytes: a result that passes the check, or the one exception; memory bounded by the input. */
    @Test
    void mutatedUpdatesAreCompactedOrRejected() {
        long seed = Long.getLong("weft.seed", new Random().nextInt(1_000_000_000));
        Random random = new Random(seed);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int compacted = 0;
        int collected = 0;
        for (History history : History.golden()) {
            List<byte[]> samples = new ArrayList<>(history.updates());
            samples.add(history.answer("merged"));
            samples.add(history.answer("collected"));
            for (int i = 0; i < 400; i++) {
                List<byte[]> updates = new ArrayList<>();
                long size = 0;
                boolean valid = true;
                for (int n = 1 + random.nextInt(3); n > 0; n--) {
                    byte[] update = Mutations.of(samples, random);
                    if (random.nextInt(3) == 0) {
                        update = samples.get(random.nextInt(samples.size()));
                    }
                    updates.add(update);
                    size += update.length;
                    valid &= isValid(update);
                }
                long before = threads.getCurrentThreadAllocatedBytes();
                try {
                    byte[] result = Updates.compact(updates);
                    compacted++;
                    if (valid) {
                        Updates.check(result);
                        assertThat(Contents.of(result).covers(Updates.merge(updates)))
                                .as("seed %s", seed)
                                .isTrue();
                        collected += result.length < Updates.merge(updates).length ? 1 : 0;
                    }
                } catch (MalformedException e) {
                    assertThat(valid).as("seed %s, %s", seed, e).isFalse();
                    continue;
                }
                assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                        .as("seed %s", seed)
                        .isLessThan(100_000 + 200 * size);
            }
        }
        assertThat(compacted).isGreaterThan(2_000);
        assertThat(collected).isGreaterThan(100);
    }

    private static boolean isValid(byte[] update) {
        try {
            Updates.check(update);
            return true;
        } catch (MalformedException e) {
            return false;
        }
    }

    @Test
    void bytesThatAreNoUpdateAreRejected() {
        for (History history : History.golden().subList(0, 20)) {
            for (byte[] update : history.updates()) {
                for (int length = 0; length < Math.min(update.length, 100); length++) {
                    byte[] part = Arrays.copyOf(update, length);
                    assertThatThrownBy(() -> Updates.compact(List.of(part))).isInstanceOf(MalformedException.class);
                }
            }
        }
    }
}
