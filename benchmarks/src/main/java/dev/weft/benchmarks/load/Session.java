package dev.weft.benchmarks.load;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * What every scenario of one run needs: the server, event loops, rooms of its own.
 *
 * @param rooms what the names of this run's rooms begin with
 * @param atOneTime how many clients may be connecting
 * @param patience how long nothing may arrive before what is missing counts as lost
 * @param histogram where the distribution of latencies goes
 */
record Session(
        Dialer dialer, String rooms, int atOneTime, Progress progress, Duration patience, Optional<Path> histogram)
        implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final double NANOS_PER_MILLI = 1e6;

    static Session open(Target target, int receivers, int atOneTime, Progress progress, Optional<Path> histogram) {
        String rooms = "load-" + UUID.randomUUID().toString().substring(0, 8);
        return new Session(new Dialer(target, receivers), rooms, atOneTime, progress, PATIENCE, histogram);
    }

    /** The same, for one who waits less or longer. */
    Session withPatience(Duration other) {
        return new Session(dialer, rooms, atOneTime, progress, other, histogram);
    }

    Target target() {
        return dialer.target();
    }

    String room(int number) {
        return rooms + "-" + number;
    }

    Crowd crowd() {
        return new Crowd(atOneTime, progress);
    }

    /** As HdrHistogram prints it, in milliseconds. */
    void saveHistogram() {
        histogram.ifPresent(file -> {
            try (PrintStream out =
                    new PrintStream(new FileOutputStream(file.toFile()), false, StandardCharsets.UTF_8)) {
                dialer.latencies().outputPercentileDistribution(out, NANOS_PER_MILLI);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Override
    public void close() {
        dialer.close();
    }
}
