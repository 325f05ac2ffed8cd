package dev.weft.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A short run of the harness on each storage. What it leaves in {@code target/chaos} tells what happened. */
class ChaosIT {
    private static final Duration DURATION = Duration.ofSeconds(15);
    private static final int CLIENTS = 9;
    private static final int ROOMS = 3;

    @ParameterizedTest
    @EnumSource
    void nothingThatWasEchoedIsLost(ChaosOptions.StorageKind storage) throws Exception {
        long seed = Long.getLong("weft.seed", new Random().nextInt(1_000_000));
        Path folder = Path.of("target", "chaos", storage + "-" + seed + "-" + System.currentTimeMillis())
                .toAbsolutePath();
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        ChaosOptions options = new ChaosOptions(DURATION, seed, storage, CLIENTS, ROOMS, folder);
        assertThat(new Chaos(options, out).run())
                .as("seed %d on %s", seed, storage)
                .isTrue();
    }
}
