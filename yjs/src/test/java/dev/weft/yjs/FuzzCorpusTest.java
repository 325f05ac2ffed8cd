package dev.weft.yjs;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Replays what {@link Fuzz} kept, and some mutations of it. {@code -Dweft.seed=} repeats the mutations. */
class FuzzCorpusTest {
    private static final int MUTATIONS = 2_000;

    private static final long SEED = Long.getLong("weft.seed", new Random().nextInt(1 << 30));

    @TestFactory
    Stream<DynamicTest> whateverTheBytesTheTargetHolds() {
        return FuzzTargets.all().entrySet().stream()
                .map(target -> DynamicTest.dynamicTest(
                        target.getKey() + ", seed " + SEED, () -> replay(target.getKey(), target.getValue())));
    }

    private static void replay(String name, Consumer<byte[]> target) throws IOException {
        for (Map.Entry<String, byte[]> input : Fuzz.kept(name).entrySet()) {
            accept(target, input.getValue(), input.getKey());
        }
        Random random = new Random(SEED);
        List<byte[]> seeds = Fuzz.seeds(name);
        for (int i = 0; i < MUTATIONS; i++) {
            accept(target, Mutations.of(seeds, random), "mutation " + i);
        }
    }

    private static void accept(Consumer<byte[]> target, byte[] input, String name) {
        try {
            target.accept(input);
        } catch (AssertionError | RuntimeException | StackOverflowError e) {
            throw new AssertionError(name + ": " + HistoryChecks.hex(input), e);
        }
    }
}
