package dev.weft.yjs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;

class ClockBitsTest {
    @RepeatedTest(20)
    void everyClockIsFoundInItsRow() {
        long seed = Long.getLong("weft.seed", new Random().nextInt(1_000_000_000));
        Random random = new Random(seed);
        int first = random.nextInt(10);
        int rows = 1 + random.nextInt(500);
        int longest = 1 << random.nextInt(9);
        long[] clock = new long[first + rows + 1];
        Arrays.fill(clock, 0, first, 99);
        for (int row = first; row < first + rows; row++) {
            clock[row + 1] = clock[row] + 1 + random.nextInt(longest);
        }
        ClockBits bits = new ClockBits(clock, first, first + rows);
        for (int row = first; row < first + rows; row++) {
            for (long at = clock[row]; at < clock[row + 1]; at++) {
                assertThat(bits.rowAt(at)).as("seed %s, clock %s", seed, at).isEqualTo(row);
                assertThat(bits.isBegin(at)).as("seed %s, clock %s", seed, at).isEqualTo(at == clock[row]);
            }
        }
        assertThat(bits.isBegin(clock[first + rows]))
                .as("the end, seed %s", seed)
                .isTrue();
    }
}
