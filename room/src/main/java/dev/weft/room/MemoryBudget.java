package dev.weft.room;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * So much memory for documents at one time. Each piece of work takes the share that it is estimated to need, and waits for it; shares are
 * given in the order in which they were asked for, so that a large one is not passed by small ones for ever. One that is larger than the
 * budget gets all of it, and runs alone. Thread-safe.
 */
public final class MemoryBudget {
    private static final int UNIT = 1 << 10;

    private final int units;
    private final Semaphore free;

    /** @param bytes all that may be taken, in steps of a kibibyte */
    public MemoryBudget(long bytes) {
        units = Math.clamp(bytes / UNIT, 1, Integer.MAX_VALUE);
        free = new Semaphore(units, true);
    }

    /** Waits until so many bytes are free, and takes them. */
    public Share take(long bytes) {
        int taken = units(bytes);
        free.acquireUninterruptibly(taken);
        return new Share(taken);
    }

    /**
     * The same for those who cannot wait for ever.
     *
     * @return null if it was not their turn in that time
     */
    public @Nullable Share take(long bytes, Duration patience) throws InterruptedException {
        int wanted = units(bytes);
        return free.tryAcquire(wanted, patience.toNanos(), TimeUnit.NANOSECONDS) ? new Share(wanted) : null;
    }

    /** Takes so many bytes if they are free and nobody waits, else returns null. */
    public @Nullable Share takeAtOnce(long bytes) {
        int wanted = units(bytes);
        return acquireAtOnce(wanted) ? new Share(wanted) : null;
    }

    /** How many bytes are taken. */
    public long taken() {
        return (long) (units - free.availablePermits()) * UNIT;
    }

    /** How many wait for a share. */
    public int waiting() {
        return free.getQueueLength();
    }

    private int units(long bytes) {
        return Math.clamp((bytes + UNIT - 1) / UNIT, 1, units);
    }

    private boolean acquireAtOnce(int wanted) {
        try {
            // Without a time it would pass those who wait.
            return free.tryAcquire(wanted, 0, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What was taken; closing it gives it back, once. */
    public final class Share implements AutoCloseable {
        private int held;

        private Share(int held) {
            this.held = held;
        }

        /**
         * Makes the share as large as {@code bytes}, if nobody has to be waited for. If not, whoever holds it must close it, and whatever
         * lies in it be dropped, before more is {@linkplain #take taken}: two that wait for each other would wait for ever.
         */
        public synchronized boolean growTo(long bytes) {
            int more = units(bytes) - held;
            if (more <= 0) {
                return true;
            }
            boolean grown = acquireAtOnce(more);
            held += grown ? more : 0;
            return grown;
        }

        @Override
        public synchronized void close() {
            free.release(held);
            held = 0;
        }
    }
}
