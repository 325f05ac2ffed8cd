package dev.weft.yjs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;

class AssemblyTest {
    /** Pieces of all lengths, with numbers in front that come after them, and enough of them for several outputs. */
    @RepeatedTest(20)
    void resultIsAllPiecesInTheirOrder() {
        long seed = Long.getLong("weft.seed", new Random().nextInt(1_000_000_000));
        Random random = new Random(seed);
        byte[] source = new byte[10_000];
        random.nextBytes(source);
        int longest = 1 + random.nextInt(random.nextBoolean() ? 100 : 3_000);
        Assembly assembly = new Assembly(random.nextInt(100));
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int blocks = random.nextInt(20); blocks > 0; blocks--) {
            int header = assembly.reserve();
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            for (int items = random.nextInt(60); items > 0; items--) {
                item(random, assembly, block, source, longest);
            }
            int mark = assembly.out().size();
            assembly.out().varUint(blocks).varUint(1_000);
            assembly.fill(header, mark);
            expected.writeBytes(Bytes.of(blocks, 1_000));
            expected.writeBytes(block.toByteArray());
        }
        assertThat(assembly.toByteArray()).as("seed %s", seed).isEqualTo(expected.toByteArray());
    }

    private static void item(
            Random random, Assembly assembly, ByteArrayOutputStream expected, byte[] source, int longest) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        boolean isCounted = random.nextBoolean();
        if (isCounted) {
            assembly.out().uint8(7);
            expected.write(7);
            assembly.beginCounted();
        }
        for (int pieces = random.nextInt(20); pieces > 0; pieces--) {
            int length = random.nextInt(longest);
            int from = random.nextInt(source.length - length);
            assembly.copy(source, from, from + length);
            content.writeBytes(Arrays.copyOfRange(source, from, from + length));
        }
        if (isCounted) {
            long count = random.nextInt(1 << random.nextInt(25));
            assembly.endCounted(count);
            expected.writeBytes(Bytes.of(count));
        }
        expected.writeBytes(content.toByteArray());
    }
}
