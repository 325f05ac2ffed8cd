package dev.weft.storage.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts connections off whose statement takes longer than it may, when the server itself did not end the statement: because the network
 * swallows what is sent. A limit on reading from the socket would not see a sender that waits.
 *
 * <p>Nearly all statements end long before, so watching one only puts it into a set. A thread looks into the set when the oldest
 * watch that it saw last time is due, and rests while the set is empty. Waking it costs more than many a statement's own share of the processor:
 * only a watch that begins while it rests does.
 */
final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final Duration limit;

    /** Between two sweeps lies at least this. */
    private final long grain;

    final Thread sweeper =
            Thread.ofPlatform().daemon().name("weft-postgres-watchdog").unstarted(this::run);

    private volatile boolean resting;
    private volatile boolean closed;

    /** A connection is cut off when it was watched for {@code limit}, or up to a tenth of that (at most a second) later. */
    Watchdog(Duration limit) {
        this.limit = limit;
        grain = Math.min(limit.toNanos() / 10, TimeUnit.SECONDS.toNanos(1));
        sweeper.start();
    }

    /** Watches {@code connection} until the result is cancelled. */
    Watch watch(Connection connection) {
        Watch watch = new Watch(connection, System.nanoTime() + limit.toNanos());
        watches.add(watch);
        if (resting) {
            resting = false;
            LockSupport.unpark(sweeper);
        }
        return watch;
    }

    private void run() {
        while (!closed) {
            rest();
            // What begins to be watched now is due no sooner. Not to look for it yet lets the thread sleep on, however
            // many statements come and go meanwhile.
            long pause = limit.toNanos();
            while (pause > 0 && !closed) {
                sleep(pause);
                pause = sweep(System.nanoTime());
            }
        }
    }

    private void rest() {
        resting = true;
        // A watch that was added before did not wake anybody.
        while (resting && watches.isEmpty() && !closed) {
            LockSupport.park(this);
        }
        resting = false;
    }

    private void sleep(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0 && !closed; left = end - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }

    /**
     * Cuts off what is due.
     *
     * @return how long to wait before the next sweep; 0 if nothing is watched
     */
    long sweep(long now) {
        long next = Long.MAX_VALUE;
        for (Watch watch : watches) {
            long left = watch.due - now;
            if (left > 0) {
                next = Math.min(next, left);
            } else {
                watch.cutOff();
            }
        }
        return next == Long.MAX_VALUE ? 0 : Math.max(next, grain);
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(sweeper);
    }

    /** A connection in use. */
    final class Watch {
        private final Connection connection;
        private final long due;
        private boolean cancelled;

        private Watch(Connection connection, long due) {
            this.connection = connection;
            this.due = due;
        }

        /** When this returns, the connection is not cut off any more, so that somebody else may use it. */
        void cancel() {
            watches.remove(this);
            synchronized (this) {
                cancelled = true;
            }
        }

        // Synchronized: cancel() waits for an end of it.
        synchronized void cutOff() {
            watches.remove(this);
            if (cancelled) {
                return;
            }
            LOG.warn("Postgres did not answer in {}; its connection is cut off", limit);
            try {
                // Closes the socket; the thread that waits on it gets an exception.
                connection.abort(Runnable::run);
            } catch (SQLException | RuntimeException e) {
                LOG.warn("a connection to Postgres could not be cut off: {}", e.getMessage());
            }
        }
    }
}
