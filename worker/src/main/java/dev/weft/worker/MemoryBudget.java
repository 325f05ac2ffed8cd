package dev.weft.worker;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * So much memory for documents at one time. Each piece of work takes the share that it is estimated to need, and waits for it; shares are
 * given in the order in which they were asked for, so that a large one is not passed by small ones for ever. One that is larger than the
 * budget gets all of it, and runs alone. Thread-safe.
 */
final class MemoryBudget {
    private static final int UNIT = 1 << 10;

    private final int units;
    private final Semaphore free;

    MemoryBudget(long bytes) {
        units = Math.clamp(bytes / UNIT, 1, Integer.MAX_VALUE);
        free = new Semaphore(units, true);
    }

    /** Waits until so many bytes are free, and takes them. */
    Share take(long bytes) {
        int taken = units(bytes);
        free.acquireUninterruptibly(taken);
        return new Share(taken);
    }

    /** How many bytes are taken. */
    long taken() {
        return (long) (units - free.availablePermits()) * UNIT;
    }

    /** How many wait for a share. */
    int waiting() {
        return free.getQueueLength();
    }

    private int units(long bytes) {
        return Math.clamp((bytes + UNIT - 1) / UNIT, 1, units);
    }

    /** What was taken; closing it gives it back. For one thread. */
    final class Share implements AutoCloseable {
        private int held;

        private Share(int held) {
            this.held = held;
        }

        /**
         * Makes the share as large as {@code bytes}, if nobody has to be waited for. If not, whoever holds it must close it, and whatever
         * lies in it be dropped, before more is {@linkplain #take taken}: two that wait for each other would wait for ever.
         */
        boolean growTo(long bytes) {
            int more = units(bytes) - held;
            if (more <= 0) {
                return true;
            }
            boolean grown;
            try {
                // Without a time it would pass those who wait.
                grown = free.tryAcquire(more, 0, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                grown = false;
            }
            held += grown ? more : 0;
            return grown;
        }

        @Override
        public void close() {
            free.release(held);
            held = 0;
        }
    }
}
