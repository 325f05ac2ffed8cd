package dev.weft.benchmarks;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Our side: JMH in a new JVM for each row, one thread. */
final class Ours {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private final Documents documents;
    private final Effort effort;

    Ours(Documents documents, Effort effort) {
        this.documents = documents;
        this.effort = effort;
    }

    /**
     * One measurement.
     *
     * @param nanoseconds median of the iterations
     * @param allocated bytes that one operation allocates
     */
    record Measured(double nanoseconds, double allocated) {}

    Measured measure(Comparison comparison) throws RunnerException {
        RunResult result = new Runner(new OptionsBuilder()
                        .include(comparison.benchmark())
                        .param("name", comparison.document())
                        .mode(Mode.AverageTime)
                        .timeUnit(TimeUnit.NANOSECONDS)
                        .forks(1)
                        .warmupIterations(effort.warmups())
                        .warmupTime(effort.iteration())
                        .measurementIterations(effort.iterations())
                        .measurementTime(effort.iteration())
                        .addProfiler(GCProfiler.class)
                        .verbosity(VerboseMode.SILENT)
                        .shouldFailOnError(true)
                        .jvmArgsAppend(
                                "-Xms3g",
                                "-Xmx3g",
                                // A server's heap is warm: without this the kernel's first look at each page counts.
                                "-XX:+AlwaysPreTouch",
                                "-XX:+UseCompactObjectHeaders",
                                "-D" + Workload.FOLDER + "=" + documents.folder())
                        .build())
                .runSingle();
        double allocated = Objects.requireNonNull(result.getSecondaryResults().get(ALLOCATED))
                .getScore();
        return new Measured(result.getPrimaryResult().getStatistics().getPercentile(50), allocated);
    }
}
