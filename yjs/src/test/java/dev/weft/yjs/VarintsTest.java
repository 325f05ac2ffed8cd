package dev.weft.yjs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Integers a word at a time are the integers byte by byte, wherever they lie in an array. */
class VarintsTest {
    static LongStream integers() {
        LongStream edges = LongStream.range(0, 54).flatMap(bits -> LongStream.of((1L << bits) - 1, 1L << bits));
        LongStream others = new Random(1).longs(100, 0, 1L << 53).map(value -> value >>> (value % 50));
        return LongStream.concat(edges, others).filter(value -> value <= Input.MAX_INTEGER);
    }

    @ParameterizedTest
    @MethodSource("integers")
    void outputWritesTheBytesOfLib0WithAndWithoutRoomForAWord(long value) {
        byte[] expected = byteByByte(value);

        assertThat(new Output(1).varUint(value).toByteArray()).containsExactly(expected);
        Output roomy = new Output(64).varUint(value);
        assertThat(Arrays.copyOf(roomy.array(), roomy.size())).containsExactly(expected);
    }

    @ParameterizedTest
    @MethodSource("integers")
    void inputReadsItWithAndWithoutAWordLeft(long value) {
        byte[] bytes = byteByByte(value);
        for (int behind : new int[] {0, 1, 7, 8}) {
            byte[] longer = Arrays.copyOf(bytes, bytes.length + behind);
            Arrays.fill(longer, bytes.length, longer.length, (byte) 0x2a);
            Input in = Input.trusting(longer, 0, longer.length);

            assertThat(in.varUint()).isEqualTo(value);
            assertThat(in.position()).isEqualTo(bytes.length);
        }
    }

    @ParameterizedTest
    @MethodSource("integers")
    void signedIntegersAreReadWithAndWithoutAWordLeft(long value) {
        for (boolean negative : new boolean[] {false, true}) {
            byte[] bytes = new Output(1).varInt(value, negative).toByteArray();
            for (int behind : new int[] {0, 8}) {
                Input in = Input.trusting(Arrays.copyOf(bytes, bytes.length + behind));

                assertThat(in.signedVarInt()).isEqualTo(2 * value + (negative ? 1 : 0));
                assertThat(in.position()).isEqualTo(bytes.length);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("integers")
    void anInsertedIntegerLeavesWhatFollowsIt(long value) {
        byte[] before = {1, 2, 3};
        byte[] after = {4, 5, 6, 7, 8, 9, 10, 11, 12};
        Output out = new Output(64).copy(before, 0, before.length).copy(after, 0, after.length);

        out.insertVarUint(before.length, value);

        assertThat(out.toByteArray())
                .containsExactly(new Output(64)
                        .copy(before, 0, before.length)
                        .varUint(value)
                        .copy(after, 0, after.length)
                        .toByteArray());
    }

    private static byte[] byteByByte(long value) {
        byte[] bytes = new byte[10];
        int size = 0;
        long rest = value;
        for (; rest > 0x7f; rest >>>= 7) {
            bytes[size++] = (byte) (0x80 | rest);
        }
        bytes[size++] = (byte) rest;
        return Arrays.copyOf(bytes, size);
    }
}
