package dev.weft.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Processor time from one moment to another: of the server, its Redis, this generator, and of all else on the machine, which tells how far the
 * figures can be trusted.
 */
final class Usage {
    private static final int IDLE = 3;
    private static final int WAITING = 4;
    private static final long NANOS_PER_TICK = 10_000_000;

    private final Target target;
    private final long start = System.nanoTime();
    private final Moment begin;

    /** @param busy of all processors */
    private record Moment(long server, long redis, long own, long busy) {}

    /**
     * Processor time in nanoseconds, and the time of the clock that it took.
     *
     * @param elsewhere share of one processor that was busy for something else
     */
    record Spent(OptionalLong server, OptionalLong redis, long own, long elapsed, double elsewhere) {
        /** Server's time a unit of work, in microseconds. */
        OptionalDouble serverMicros(double units) {
            return server.isPresent() ? OptionalDouble.of(server.getAsLong() / 1e3 / units) : OptionalDouble.empty();
        }

        /** Redis' time a unit of work, in microseconds. */
        OptionalDouble redisMicros(double units) {
            return redis.isPresent() ? OptionalDouble.of(redis.getAsLong() / 1e3 / units) : OptionalDouble.empty();
        }

        /** Share of one processor that the server took, in percent. */
        OptionalDouble serverPercent() {
            return server.isPresent()
                    ? OptionalDouble.of(100.0 * server.getAsLong() / elapsed)
                    : OptionalDouble.empty();
        }

        double ownPercent() {
            return 100.0 * own / elapsed;
        }
    }

    private Usage(Target target) {
        this.target = target;
        this.begin = moment();
    }

    static Usage start(Target target) {
        return new Usage(target);
    }

    Spent sinceStart() {
        Moment now = moment();
        long elapsed = System.nanoTime() - start;
        long server = now.server - begin.server;
        long redis = now.redis - begin.redis;
        long own = now.own - begin.own;
        long others = now.busy - begin.busy - server - redis - own;
        return new Spent(
                target.server().isPresent() ? OptionalLong.of(server) : OptionalLong.empty(),
                target.redis().isPresent() ? OptionalLong.of(redis) : OptionalLong.empty(),
                own,
                elapsed,
                Math.max(0, (double) others / elapsed));
    }

    private Moment moment() {
        return new Moment(
                cpu(target.server()),
                cpu(target.redis()),
                new ProcessMeter(ProcessHandle.current().pid()).cpuNanos(),
                busy());
    }

    private static long cpu(OptionalLong pid) {
        return pid.isPresent() ? new ProcessMeter(pid.getAsLong()).cpuNanos() : 0;
    }

    /** The first line of /proc/stat: cpu user nice system idle iowait irq softirq steal … */
    private static long busy() {
        try (var lines = Files.lines(Path.of("/proc/stat"))) {
            String[] fields = lines.findFirst().orElseThrow().trim().split(" +", -1);
            long[] ticks = Arrays.stream(fields)
                    .skip(1)
                    .limit(8)
                    .mapToLong(Long::parseLong)
                    .toArray();
            return (Arrays.stream(ticks).sum() - ticks[IDLE] - ticks[WAITING]) * NANOS_PER_TICK;
        } catch (IOException e) {
            return 0; // Not Linux: nothing is known of others.
        }
    }
}
