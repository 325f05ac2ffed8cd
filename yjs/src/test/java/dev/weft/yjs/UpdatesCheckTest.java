package dev.weft.yjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpdatesCheckTest {
    private static final long MAX = Input.MAX_INTEGER;

    private static void accepted(byte[] update) {
        assertThatCode(() -> Updates.check(update)).doesNotThrowAnyException();
    }

    private static AbstractThrowableAssert<?, ?> rejected(byte[] update) {
        return assertThatThrownBy(() -> Updates.check(update)).isInstanceOf(MalformedException.class);
    }

    private static void rejectedStruct(byte[] struct) {
        rejected(Bytes.update(7, 0, struct));
    }

    @Test
    void emptyUpdateIsAccepted() {
        accepted(Updates.empty());
    }

    @Test
    void updateCutOffAnywhereIsRejected() {
        for (History history : History.golden()) {
            for (byte[] update : history.updates()) {
                for (int length = 0; length < Math.min(update.length, 400); length++) {
                    rejected(Arrays.copyOf(update, length));
                }
            }
        }
    }

    @Test
    void trailingByteIsRejected() {
        for (byte[] update : History.golden().getFirst().updates()) {
            rejected(Arrays.copyOf(update, update.length + 1)).hasMessageContaining("no further byte");
        }
    }

    @Test
    void partOfAnArrayIsCheckedForItself() {
        byte[] inside = Bytes.of(99, Bytes.update(7, 0, Bytes.text("a")), 99);
        Updates.check(inside, 1, inside.length - 1);
        assertThatThrownBy(() -> Updates.check(inside, 1, inside.length)).isInstanceOf(MalformedException.class);
    }

    @Test
    void hugeCountsAreRejectedBeforeAnythingIsAllocated() {
        rejected(Bytes.of(MAX, 0, 0)).hasMessageContaining("room for");
        rejected(Bytes.of(1, MAX, 7, 0, 0, 0, 0, 0)).hasMessageContaining("room for");
        rejected(Bytes.of(0, MAX, 1, 1, 1, 1)).hasMessageContaining("room for");
        rejected(Bytes.of(0, 1, 7, MAX, 1, 1)).hasMessageContaining("room for");
        rejectedStruct(Bytes.item(StructReader.ANY, MAX));
        rejectedStruct(Bytes.item(StructReader.JSON, MAX));
        rejectedStruct(Bytes.item(StructReader.STRING, MAX));
        rejectedStruct(Bytes.item(StructReader.ANY, 1, new byte[] {Any.ARRAY}, MAX));
    }

    @Test
    void clocksUpTo53BitsAreAcceptedAndNoMore() {
        accepted(Bytes.update(MAX, MAX - 3, Bytes.text("abc")));
        rejected(Bytes.update(MAX, MAX - 2, Bytes.text("abc"))).hasMessageContaining("2^53");
        accepted(Bytes.update(7, 0, Bytes.gc(MAX)));
        rejected(Bytes.update(7, 1, Bytes.gc(MAX)));
        accepted(Bytes.of(0, 1, 7, 1, MAX - 1, 1));
        rejected(Bytes.of(0, 1, 7, 1, MAX - 1, 2));
    }

    @Test
    void structsWithoutLengthAreRejected() {
        rejectedStruct(Bytes.gc(0));
        rejectedStruct(Bytes.skip(0));
        rejectedStruct(Bytes.item(StructReader.DELETED, 0));
        rejectedStruct(Bytes.text(""));
        rejectedStruct(Bytes.item(StructReader.ANY, 0));
        rejectedStruct(Bytes.item(StructReader.JSON, 0));
    }

    /** Yjs cannot write a pending deletion without length, and throws whenever it has to. */
    @Test
    void deletionWithoutLengthIsRejected() {
        rejected(Bytes.of(0, 1, 7, 1, 3, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 12, 31})
    void unknownKindIsRejected(int kind) {
        rejectedStruct(Bytes.item(kind, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0x40, 0x20, 0x8a, 0x2a})
    void flagsOnCollectedStructsAndGapsAreRejected(int info) {
        rejectedStruct(Bytes.of(new byte[] {(byte) info}, 1, 0, 1));
    }

    /** Yjs looks such an id up in its own store and throws, in every client that receives the update. */
    @Test
    void idThatIsNotEarlierThanItsOwnStructIsRejected() {
        accepted(Bytes.update(7, 5, Bytes.itemAfter(StructReader.STRING, 7, 4, "a")));
        accepted(Bytes.update(7, 5, Bytes.itemAfter(StructReader.STRING, 8, 5, "a")));
        rejected(Bytes.update(7, 5, Bytes.itemAfter(StructReader.STRING, 7, 5, "a")))
                .hasMessageContaining("earlier");
        rejected(Bytes.update(7, 5, Bytes.of(new byte[] {0x44}, 7, 6, "a"))).hasMessageContaining("earlier");
        rejected(Bytes.update(7, 5, Bytes.of(new byte[] {4, 0}, 7, 5, "a"))).hasMessageContaining("earlier");
    }

    @Test
    void unknownParentInfoAndUnknownTypesAreRejected() {
        rejectedStruct(Bytes.of(new byte[] {4, 2}, "t", "a"));
        accepted(Bytes.update(7, 0, Bytes.item(StructReader.TYPE, 6)));
        rejectedStruct(Bytes.item(StructReader.TYPE, 7));
    }

    @Test
    void everyStringMustBeUtf8() {
        byte[] wrong = {1, (byte) 0xff};
        rejectedStruct(Bytes.of(new byte[] {4, 1}, wrong, "a"));
        rejectedStruct(Bytes.of(new byte[] {0x24, 1}, "t", wrong, "a"));
        rejectedStruct(Bytes.item(StructReader.STRING, wrong));
        rejectedStruct(Bytes.item(StructReader.FORMAT, wrong, "1"));
        rejectedStruct(Bytes.item(StructReader.TYPE, 3, wrong));
        rejectedStruct(Bytes.item(StructReader.DOC, wrong, new byte[] {Any.OBJECT, 0}));
        rejectedStruct(Bytes.item(StructReader.ANY, 1, new byte[] {Any.STRING}, wrong));
        rejectedStruct(Bytes.item(StructReader.ANY, 1, new byte[] {Any.OBJECT, 1}, wrong, new byte[] {Any.NULL}));
    }

    @Test
    void jsonMustBeJson() {
        accepted(Bytes.update(7, 0, Bytes.item(StructReader.JSON, 2, "undefined", "{}")));
        accepted(Bytes.update(7, 0, Bytes.item(StructReader.EMBED, "{\"image\":1}")));
        accepted(Bytes.update(7, 0, Bytes.item(StructReader.FORMAT, "bold", "null")));
        rejectedStruct(Bytes.item(StructReader.JSON, 1, "undefine"));
        rejectedStruct(Bytes.item(StructReader.EMBED, "undefined"));
        rejectedStruct(Bytes.item(StructReader.FORMAT, "bold", "tru"));
    }

    @Test
    void valuesOfUnknownTypeAndTooDeepOnesAreRejected() {
        rejectedStruct(Bytes.item(StructReader.ANY, 1, new byte[] {115}));
        rejectedStruct(Bytes.item(StructReader.ANY, 1, new byte[] {(byte) 0xff}));
        accepted(Bytes.update(7, 0, Bytes.item(StructReader.ANY, 1, nestedArrays(JsonSyntax.MAX_DEPTH))));
        rejected(Bytes.update(7, 0, Bytes.item(StructReader.ANY, 1, nestedArrays(JsonSyntax.MAX_DEPTH + 1))))
                .hasMessageContaining("500 levels");
        rejectedStruct(Bytes.item(StructReader.ANY, 1, nestedArrays(1_000_000)));
    }

    private static byte[] nestedArrays(int depth) {
        byte[] bytes = new byte[2 * depth + 1];
        for (int i = 0; i < depth; i++) {
            bytes[2 * i] = Any.ARRAY;
            bytes[2 * i + 1] = 1;
        }
        bytes[2 * depth] = Any.NULL;
        return bytes;
    }

    /** Yjs reads the options of a subdocument as those of an object, and throws on null. */
    @Test
    void optionsOfASubdocumentMustBeAnObject() {
        accepted(Bytes.update(7, 0, Bytes.item(StructReader.DOC, "guid", new byte[] {Any.OBJECT, 0})));
        rejectedStruct(Bytes.item(StructReader.DOC, "guid", new byte[] {Any.NULL}));
    }

    @Test
    void mutatedUpdatesFailWithTheOneExceptionOrPassInEveryOperation() {
        List<History> histories = History.golden();
        List<byte[]> samples =
                histories.stream().flatMap(h -> h.updates().stream()).toList();
        List<byte[]> samplesV2 = histories.stream().map(h -> h.answer("v2")).toList();
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 60_000; i++) {
            byte[] update = Mutations.of(samples, random);
            byte[] v2 = Mutations.of(samplesV2, random);
            try {
                boolean passes = !fails(() -> Updates.check(update));
                byte[] other = samples.get(random.nextInt(samples.size()));
                fails(() -> Contents.of(update).covers(other));
                fails(() -> Updates.hasNoStructs(update));
                fails(() -> UpdatesV2.toV1(v2, 1 << 20));
                assertThat(fails(() -> Updates.stateVector(update)) && passes).isFalse();
                assertThat(fails(() -> Updates.check(Updates.merge(List.of(update, other)))) && passes)
                        .isFalse();
                assertThat(fails(() -> Updates.check(Updates.diff(update, Updates.stateVector(other)))) && passes)
                        .isFalse();
                assertThat(fails(() -> UpdatesV2.toV1(UpdatesV2.fromV1(update))) && passes)
                        .isFalse();
            } catch (RuntimeException | AssertionError | OutOfMemoryError | StackOverflowError e) {
                throw new AssertionError(
                        "seed " + seed + ", update " + HistoryChecks.hex(update) + ", v2 " + HistoryChecks.hex(v2), e);
            }
        }
    }

    private static boolean fails(Runnable operation) {
        try {
            operation.run();
            return false;
        } catch (MalformedException e) {
            return true;
        }
    }

    @Test
    void checkingTakesNoMemoryToSpeakOf() {
        byte[] large = Updates.merge(List.of(
                Bytes.update(7, 0, Bytes.text("x".repeat(1_000_000))),
                Bytes.update(8, 0, Bytes.item(StructReader.EMBED, "[" + "1,".repeat(1_000_000) + "1]"))));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Updates.check(large);
        long before = threads.getCurrentThreadAllocatedBytes();
        Updates.check(large);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
    }

    @Test
    void reasonAndOffsetTellWhatIsWrong() {
        assertThatThrownBy(() -> Updates.check(Bytes.update(7, 0, Bytes.item(StructReader.EMBED, "{\"a\":}"))))
                .isInstanceOfSatisfying(MalformedException.class, e -> {
                    assertThat(e.offset()).isEqualTo(14);
                    assertThat(e).hasMessage("a JSON value was expected at byte 14");
                });
    }

    /** Found by yjsReadsWhateverPassesTheCheck, seed 885792560: Yjs fails on them once they wait, or deletes something else. */
    @Test
    void rangesOfDeletionsOutOfOrderAreRejected() {
        Updates.check(Bytes.of(0, 1, 7, 2, 0, 1, 5, 1));
        assertThatThrownBy(() -> Updates.check(Bytes.of(0, 1, 7, 2, 5, 1, 0, 1)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("ascending order");
        assertThatThrownBy(() -> Updates.check(Bytes.of(0, 1, 7, 2, 0, 2, 1, 1)))
                .isInstanceOf(MalformedException.class);
    }
}
