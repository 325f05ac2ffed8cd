package dev.weft.room;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection alive: asks at intervals whether it answers, at once when it was reported lost, and with growing pauses while Redis
 * cannot be reached. Its own virtual thread does that.
 */
final class Keeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /** What is kept. */
    interface Kept {
        /**
         * Connects if there is no connection, else checks that it answers, and drops it if not. Blocks, within a limit.
         *
         * @throws RedisUnavailableException if there is no connection that answers now
         */
        void keep();
    }

    private final String name;
    private final Kept kept;
    private final Duration interval;
    private final Semaphore reported = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closed;
    private volatile long answeredAt;

    Keeper(String name, Kept kept, Duration interval) {
        this.name = name;
        this.kept = kept;
        this.interval = interval;
        thread = Thread.ofVirtual().name("weft-redis-" + name).unstarted(this::run);
    }

    /** Connects, on the calling thread, and begins; throws {@link RedisUnavailableException}. */
    void start() {
        kept.keep();
        answeredAt = System.nanoTime();
        thread.start();
    }

    /** Has the connection looked at now: it was lost. Does not block. */
    void wake() {
        reported.release();
    }

    /** Whether it answered within the last few intervals. */
    boolean answeredLately(Duration slack) {
        return System.nanoTime() - answeredAt
                < interval.multipliedBy(2).plus(slack).toNanos();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private void run() {
        Duration pause = untilNext(System.nanoTime(), interval);
        boolean down = false;
        while (pauseFor(pause)) {
            try {
                kept.keep();
                answeredAt = System.nanoTime();
                pause = untilNext(System.nanoTime(), interval);
                if (down) {
                    LOG.info("Redis connection '{}' is back", name);
                }
                down = false;
            } catch (RuntimeException e) {
                if (closed) {
                    return;
                }
                if (!down) {
                    LOG.warn("Redis connection '{}' is down: {}", name, e.getMessage());
                }
                pause = down ? shorter(pause.multipliedBy(2), LONGEST_PAUSE) : FIRST_PAUSE;
                down = true;
                answeredAt = System.nanoTime() - TimeUnit.DAYS.toNanos(1);
            }
        }
    }

    /**
     * About an interval, until one of the moments at which all of this process's keepers of that interval look: what wakes a sleeping process
     * together costs it little more than one would.
     */
    static Duration untilNext(long now, Duration interval) {
        long nanos = interval.toNanos();
        long left = nanos - Math.floorMod(now, nanos);
        return Duration.ofNanos(left < nanos / 2 ? left + nanos : left);
    }

    private boolean pauseFor(Duration pause) {
        try {
            if (reported.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                reported.drainPermits();
            }
            return !closed;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
