package dev.weft.yjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Where Yjs's format trips implementers up, one test for each. */
class TrapsTest {
    @Test
    void missingClocksBecomeASkip() {
        byte[] first = Bytes.update(7, 0, Bytes.text("ab"));
        byte[] later = Bytes.update(7, 5, Bytes.itemAfter(StructReader.STRING, 7, 4, "fg"));
        byte[] merged = Updates.merge(List.of(later, first));
        assertThat(merged)
                .isEqualTo(Bytes.of(
                        1,
                        3,
                        7,
                        0,
                        Bytes.text("ab"),
                        Bytes.skip(3),
                        Bytes.itemAfter(StructReader.STRING, 7, 4, "fg"),
                        0));
        assertThat(Updates.stateVector(merged).clock(7)).isEqualTo(2);
    }

    @Test
    void skipIsNeverFirst() {
        byte[] later = Bytes.update(7, 5, Bytes.text("f"));
        byte[] skipFirst = Bytes.of(1, 2, 7, 0, Bytes.skip(5), Bytes.text("f"), 0);
        assertThat(Updates.merge(List.of(skipFirst))).isEqualTo(later);
        assertThat(Updates.diff(skipFirst, StateVector.empty())).isEqualTo(later);
        assertThat(Updates.merge(List.of(Bytes.update(7, 0, Bytes.skip(9))))).isEqualTo(Updates.empty());
        assertThat(Updates.hasNoStructs(Bytes.update(7, 0, Bytes.skip(9)))).isTrue();
    }

    @Test
    void skipOfOneUpdateIsFilledByAnother() {
        byte[] withGap = Bytes.of(1, 3, 7, 0, Bytes.text("ab"), Bytes.skip(2), Bytes.gc(3), 0);
        byte[] filler = Bytes.update(7, 2, Bytes.itemAfter(StructReader.STRING, 7, 1, "cd"));
        byte[] merged = Updates.merge(List.of(withGap, filler));
        assertThat(merged)
                .isEqualTo(Bytes.of(
                        1,
                        3,
                        7,
                        0,
                        Bytes.text("ab"),
                        Bytes.itemAfter(StructReader.STRING, 7, 1, "cd"),
                        Bytes.gc(3),
                        0));
        assertThat(Updates.stateVector(merged).clock(7)).isEqualTo(7);
    }

    @Test
    void clientThatDoesNotBeginAtZeroIsLeftOutOfTheStateVector() {
        assertThat(Updates.stateVector(Bytes.update(7, 1, Bytes.text("b")))).isEqualTo(StateVector.empty());
    }

    @Test
    void contentsBehindAGapCount() {
        Contents contents = Contents.of(Bytes.of(1, 3, 7, 0, Bytes.text("ab"), Bytes.skip(2), Bytes.gc(3), 0));
        assertThat(contents.covers(Bytes.update(7, 5, Bytes.gc(2)))).isTrue();
        assertThat(contents.covers(Bytes.update(7, 3, Bytes.gc(2)))).isFalse();
        assertThat(contents.covers(Bytes.update(7, 5, Bytes.gc(3)))).isFalse();
        assertThat(contents.covers(Bytes.update(8, 0, Bytes.gc(1)))).isFalse();
    }

    @Test
    void deletionsOfAStepTwoWithoutStructsAreContentsToo() {
        byte[] deletion = Bytes.of(0, 1, 7, 1, 2, 3);
        Contents contents = Contents.of(Bytes.update(7, 0, Bytes.text("abcdefgh")));
        assertThat(contents.covers(deletion)).isFalse();
        assertThat(contents.plus(deletion).covers(deletion)).isTrue();
        assertThat(contents.plus(deletion).covers(Bytes.of(0, 1, 7, 1, 3, 2))).isTrue();
        assertThat(contents.plus(deletion).covers(Bytes.of(0, 1, 7, 1, 1, 2))).isFalse();
        assertThat(contents.plus(deletion).covers(Updates.empty())).isTrue();
        assertThat(Updates.hasNoStructs(deletion)).isTrue();
    }

    /** Yjs keeps only the last of two blocks for one client when it reads an update. */
    @Test
    void twoBlocksForOneClientBecomeOne() {
        byte[] twoBlocks =
                Bytes.of(2, 1, 7, 2, Bytes.itemAfter(StructReader.STRING, 7, 1, "cd"), 1, 7, 0, Bytes.text("ab"), 0);
        byte[] one = Bytes.of(1, 2, 7, 0, Bytes.text("ab"), Bytes.itemAfter(StructReader.STRING, 7, 1, "cd"), 0);
        assertThat(Updates.merge(List.of(twoBlocks))).isEqualTo(one);
        assertThat(Updates.diff(twoBlocks, StateVector.empty())).isEqualTo(one);
        assertThat(Updates.stateVector(twoBlocks).clock(7)).isEqualTo(4);
        assertThat(UpdatesV2.toV1(UpdatesV2.fromV1(twoBlocks))).isEqualTo(one);
        assertThat(Contents.of(twoBlocks).covers(one)).isTrue();
    }

    /** What Yjs makes with {@code mergeUpdates} of an update with ascending clients, 3 and 9, and one of 9. It reads "a" out of it. */
    @Test
    void twoBlocksForOneClientReachOtherClientsAsOne() {
        byte[] ofYjs = HexFormat.of()
                .parseHex("03" + "0109000401017401" + "62" + "0103000401017401" + "61" + "0109018409000163" + "00");
        byte[] one = Bytes.of(
                2,
                2,
                9,
                0,
                Bytes.text("b"),
                Bytes.itemAfter(StructReader.STRING, 9, 0, "c"),
                1,
                3,
                0,
                Bytes.text("a"),
                0);
        for (byte[] frame : List.of(Message.updateFrame(ofYjs), Message.syncStep2Frame(ofYjs))) {
            byte[] passedOn = Message.decode(frame).encode();
            assertThat(Arrays.copyOfRange(passedOn, 3, passedOn.length)).isEqualTo(one);
        }
        Updates.check(ofYjs);
        assertThat(Updates.stateVector(ofYjs).clock(9)).isEqualTo(2);
    }

    @Test
    void unsortedClientsAndDeletionsAreSorted() {
        byte[] unsorted = Bytes.of(2, 1, 3, 0, Bytes.gc(1), 1, 9, 0, Bytes.gc(1), 2, 3, 2, 4, 1, 0, 2, 9, 1, 0, 1);
        byte[] sorted = Bytes.of(2, 1, 9, 0, Bytes.gc(1), 1, 3, 0, Bytes.gc(1), 2, 9, 1, 0, 1, 3, 2, 0, 2, 4, 1);
        assertThat(Updates.merge(List.of(unsorted))).isEqualTo(sorted);
        assertThat(Updates.diff(unsorted, StateVector.empty())).isEqualTo(sorted);
    }

    @Test
    void deletionsAreSortedAndJoined() {
        byte[] merged = Updates.merge(
                List.of(Bytes.of(0, 1, 7, 2, 10, 2, 4, 1), Bytes.of(0, 1, 7, 1, 5, 5), Bytes.of(0, 1, 8, 1, 0, 1)));
        assertThat(merged).isEqualTo(Bytes.of(0, 2, 8, 1, 0, 1, 7, 1, 4, 8));
    }

    @Test
    void stringCutInsideASurrogatePairKeepsItsLength() {
        byte[] update = Bytes.update(7, 0, Bytes.text("a😀b"));
        byte[] rest = Updates.diff(update, StateVector.decode(Bytes.of(1, 7, 2)));
        assertThat(rest).isEqualTo(Bytes.update(7, 2, Bytes.itemAfter(StructReader.STRING, 7, 1, "\uFFFDb")));
        assertThat(Contents.of(update).covers(rest)).isTrue();
    }

    @Test
    void keyFlagIsIgnoredWhereAnOriginIsPresent() {
        byte[] withFlag = Bytes.of(new byte[] {(byte) (StructReader.ANY | 0xa0)}, 7, 0, 1, new byte[] {Any.NULL});
        byte[] update = Bytes.update(8, 0, withFlag);
        Updates.check(update);
        assertThat(Updates.merge(List.of(update))).isEqualTo(update);
        byte[] withoutFlag = Bytes.of(new byte[] {(byte) (StructReader.ANY | 0x80)}, 7, 0, 1, new byte[] {Any.NULL});
        assertThat(UpdatesV2.toV1(UpdatesV2.fromV1(update))).isEqualTo(Bytes.update(8, 0, withoutFlag));
    }

    @Test
    void clocksOf53BitsGoThroughEveryOperation() {
        long client = Input.MAX_INTEGER;
        long clock = Input.MAX_INTEGER - 10;
        byte[] first = Bytes.update(client, 0, Bytes.gc(clock));
        byte[] last = Bytes.update(client, clock, Bytes.itemAfter(StructReader.STRING, client, clock - 1, "end"));
        byte[] merged = Updates.merge(List.of(last, first));
        Updates.check(merged);
        StateVector vector = Updates.stateVector(merged);
        assertThat(vector.clock(client)).isEqualTo(clock + 3);
        assertThat(StateVector.decode(vector.encode())).isEqualTo(vector);
        assertThat(Updates.diff(merged, Updates.stateVector(first))).isEqualTo(last);
        assertThat(Contents.of(merged).covers(last)).isTrue();
    }

    /** Found by mutation: V2 doubles the differences of clocks, which then take 54 bits. */
    @Test
    void originsWith53BitsOfClockGoThroughV2() {
        byte[] update = Bytes.of(
                1,
                3,
                7,
                0,
                Bytes.itemAfter(StructReader.STRING, 8, Input.MAX_INTEGER, "a"),
                Bytes.itemAfter(StructReader.STRING, 8, 0, "b"),
                Bytes.itemAfter(StructReader.STRING, 8, Input.MAX_INTEGER, "c"),
                0);
        assertThat(UpdatesV2.toV1(UpdatesV2.fromV1(update))).isEqualTo(update);
    }

    @Test
    void contentsAreCopiedAsTheyAreEvenWhereYjsWouldRewriteThem() {
        byte[] spaced = Bytes.update(7, 0, Bytes.item(StructReader.EMBED, "{ \"b\" : 1.0 , \"a\" : 2 }"));
        byte[] merged = Updates.merge(List.of(spaced, Bytes.update(8, 0, Bytes.gc(1))));
        assertThat(Updates.diff(merged, StateVector.decode(Bytes.of(1, 8, 1)))).isEqualTo(spaced);
    }

    @Test
    void collectedStructsThatMeetAreJoined() {
        byte[] merged = Updates.merge(List.of(
                Bytes.update(7, 0, Bytes.gc(3)), Bytes.update(7, 2, Bytes.gc(4)), Bytes.update(7, 6, Bytes.gc(1))));
        assertThat(merged).isEqualTo(Bytes.update(7, 0, Bytes.gc(7)));
    }

    /**
     * Found by mergesOfUpdatesThatContradictEachOtherAreThoseOfYjs. Whoever lengthens a collected struct waits at its beginning; meanwhile
     * the other one is read, and has its turn first where both go on at the same clock of the next client.
     */
    @Test
    void updateThatLengthensACollectedStructWaitsAtItsBeginning() {
        byte[] first = Bytes.of(2, 3, 2, 7, Bytes.gc(1), Bytes.skip(1), Bytes.gc(1), 1, 1, 6, Bytes.gc(4), 0);
        byte[] second =
                Bytes.of(2, 3, 2, 7, Bytes.gc(3), Bytes.gc(4), Bytes.text("y"), 2, 1, 6, Bytes.gc(5), Bytes.gc(2), 0);
        assertThat(Updates.merge(List.of(first, second)))
                .isEqualTo(Bytes.of(2, 2, 2, 7, Bytes.gc(7), Bytes.text("y"), 2, 1, 6, Bytes.gc(5), Bytes.gc(2), 0));
    }

    /** The same, where another update is already beyond the collected struct. */
    @Test
    void updateThatWaitsAtACollectedStructLetsThoseBeforeItGoOn() {
        byte[] first = Bytes.update(1, 0, Bytes.gc(5));
        byte[] second = Bytes.of(1, 3, 1, 0, Bytes.gc(3), Bytes.gc(7), Bytes.text("second"), 0);
        byte[] third = Bytes.of(1, 2, 1, 2, Bytes.gc(2), Bytes.text("the third one"), 0);
        assertThat(Updates.merge(List.of(first, second, third)))
                .isEqualTo(
                        Bytes.of(1, 2, 1, 0, Bytes.gc(10), Bytes.itemAfter(StructReader.STRING, 1, 9, "ird one"), 0));
    }

    @Test
    void manySmallUpdatesInAnyOrderMergeInOneCall() {
        int count = 100_000;
        List<byte[]> updates = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            updates.add(Bytes.update(
                    i % 3,
                    i / 3,
                    i < 3 ? Bytes.text("x") : Bytes.itemAfter(StructReader.STRING, i % 3, i / 3 - 1, "x")));
        }
        byte[] inOrder = Updates.merge(updates);
        Collections.shuffle(updates, new Random(1));
        assertThat(Updates.merge(updates)).isEqualTo(inOrder);
        assertThat(Updates.stateVector(inOrder).clock(0)).isEqualTo(33_334);
    }

    @Test
    void runLengthsOfV2CannotBlowUpTheResult() {
        // 2^40 collected structs of length 1 in one block.
        byte[] bomb =
                Bytes.of(0, "", new byte[] {1, 7}, "", "", new byte[] {1, 0}, new byte[] {1, 0}, "", "", new byte[] {
                    7, 0x41, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x3f
                });
        byte[] update = Bytes.of(bomb, 1, 1L << 40, 0, 0);
        List<ThrowingCallable> operations = List.of(
                () -> UpdatesV2.toV1(update, 1_000_000),
                () -> UpdatesV2.check(update, 1_000_000),
                () -> UpdatesV2.stateVector(update, 1_000_000),
                () -> UpdatesV2.diff(update, StateVector.empty(), 1_000_000),
                () -> UpdatesV2.merge(List.of(UpdatesV2.fromV1(Updates.empty()), update), 1_000_000));
        assertThat(operations)
                .allSatisfy(operation -> assertThatThrownBy(operation)
                        .isInstanceOf(MalformedException.class)
                        .hasMessageContaining("bytes in encoding V1 was expected"));
    }

    /** Found by fuzzing: JSON made of an embed in V2 had a replacement character where the string was no UTF-8, which no client reads. */
    @Test
    void embedOfV2WhoseTextIsNoUtf8IsRejected() {
        byte[] update = UpdatesV2.fromV1(Bytes.update(7, 0, Bytes.item(StructReader.EMBED, "\"ab\"")));
        int text = update.length - 2;
        assertThat(update[text]).isEqualTo((byte) 'b');
        update[text] = (byte) 0xc0;
        assertThatThrownBy(() -> UpdatesV2.toV1(update))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void limitOfV2IsForAllUpdatesOfACallTogether() {
        byte[] v1 = Bytes.update(7, 0, Bytes.text("hello"));
        byte[] update = UpdatesV2.fromV1(v1);
        assertThat(UpdatesV2.merge(List.of(update, update), 2 * v1.length)).isEqualTo(update);
        assertThatThrownBy(() -> UpdatesV2.merge(List.of(update, update), 2 * v1.length - 1))
                .isInstanceOf(MalformedException.class);
    }
}
