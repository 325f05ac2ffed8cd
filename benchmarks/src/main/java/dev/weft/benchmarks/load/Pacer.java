package dev.weft.benchmarks.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/** Does something at an even rate, on the thread that calls it. What was late is made up for at once. */
final class Pacer {
    private Pacer() {}

    /** @param action gets 0, 1, … up to {@code count} exclusively */
    static void run(double perSecond, int count, IntConsumer action) {
        double gap = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = start + (long) (i * gap);
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            action.accept(i);
        }
    }
}
