package dev.weft.benchmarks.load;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What was in use at a moment of a soak, in MB but for the counts; heaps after a collection.
 *
 * @param minutes since the start
 * @param serverResident after a collection
 * @param direct what Netty has reserved for buffers outside the heap
 */
record SoakSample(
        double minutes,
        double serverHeap,
        double direct,
        double serverResident,
        double workerHeap,
        double workerResident,
        double redisMemory,
        double redisKeys,
        double connections,
        double rooms) {
    static final String HEADER =
            "minutes,server heap,server direct buffers,server RSS,worker heap,worker RSS,Redis memory,"
                    + "Redis keys,connections,rooms";

    /** The first part of a run fills caches and compiles; it does not count. */
    private static final double SETTLING = 0.25;

    /** A measure that has to stay flat. */
    private record Measure(String name, ToDoubleFunction<SoakSample> value, double slack) {}

    private static final List<Measure> FLAT = List.of(
            new Measure("server heap, MB", SoakSample::serverHeap, 8),
            new Measure("server direct buffers, MB", SoakSample::direct, 8),
            new Measure("server RSS, MB", SoakSample::serverResident, 30),
            new Measure("worker heap, MB", SoakSample::workerHeap, 8),
            new Measure("worker RSS, MB", SoakSample::workerResident, 30),
            new Measure("Redis memory, MB", SoakSample::redisMemory, 8),
            new Measure("Redis keys", SoakSample::redisKeys, 200));

    /**
     * Whether something grew.
     *
     * @param name with its unit
     * @param early median of the first half after settling
     * @param late median of the second half
     */
    record Verdict(String name, double early, double late, boolean flat) {
        String text() {
            return String.format(Locale.ROOT, "%-28s %9.1f %9.1f  %s", name, early, late, flat ? "flat" : "GROWS");
        }
    }

    /** Grown by a tenth and a slack for noise counts as grown. */
    static List<Verdict> verdicts(List<SoakSample> samples) {
        int first = (int) (samples.size() * SETTLING);
        int middle = (first + samples.size()) / 2;
        return FLAT.stream()
                .map(measure -> {
                    double early = median(samples.subList(first, middle), measure.value);
                    double late = median(samples.subList(middle, samples.size()), measure.value);
                    return new Verdict(measure.name, early, late, late <= early * 1.1 + measure.slack);
                })
                .toList();
    }

    private static double median(List<SoakSample> samples, ToDoubleFunction<SoakSample> value) {
        double[] sorted = samples.stream().mapToDouble(value).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }

    String csv() {
        double[] all = {
            minutes,
            serverHeap,
            direct,
            serverResident,
            workerHeap,
            workerResident,
            redisMemory,
            redisKeys,
            connections,
            rooms
        };
        return String.join(
                ",",
                Arrays.stream(all)
                        .mapToObj(value -> String.format(Locale.ROOT, "%.1f", value))
                        .toList());
    }
}
