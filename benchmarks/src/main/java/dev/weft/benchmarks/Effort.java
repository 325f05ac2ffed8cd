package dev.weft.benchmarks;

import org.openjdk.jmh.runner.options.TimeValue;

/**
 * How long to measure each row.
 *
 * @param warmups iterations of ours that do not count
 * @param iterations iterations of ours, of whose means the median counts
 * @param iteration how long each of them takes
 * @param twinSeconds how long Yjs is measured, after half of that to warm up
 */
record Effort(int warmups, int iterations, TimeValue iteration, double twinSeconds) {
    static final Effort FULL = new Effort(5, 9, TimeValue.milliseconds(1_000), 6);
    static final Effort QUICK = new Effort(4, 5, TimeValue.milliseconds(400), 1.5);
}
