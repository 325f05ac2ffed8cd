package dev.weft.benchmarks.load;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * An event loop of receivers, and what they have counted. Written by its loop alone; others may read {@link #delivered} at any time, and the
 * histogram on the loop.
 */
final class Lane {
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final int DIGITS = 3;

    private final EventLoop loop;
    private final Histogram latencies = new Histogram(LONGEST_NANOS, DIGITS);
    private volatile long delivered;

    Lane(EventLoop loop) {
        this.loop = loop;
    }

    EventLoop loop() {
        return loop;
    }

    long delivered() {
        return delivered;
    }

    /** On the loop: one has arrived. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // Only the loop writes.
    void count(int arrived) {
        delivered += arrived;
    }

    /** On the loop: it took so long. */
    void record(long nanos) {
        latencies.recordValue(Math.clamp(nanos, 0, LONGEST_NANOS));
    }

    /** On the loop. */
    Histogram latencies() {
        return latencies;
    }
}
