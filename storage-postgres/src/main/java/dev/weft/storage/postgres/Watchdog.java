package dev.weft.storage.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts connections off whose statement takes longer than it may, when the server itself did not end the statement: because the network
 * swallows what is sent. A limit on reading from the socket would not see a sender that waits.
 */
final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    private final ScheduledThreadPoolExecutor timer;
    private final Duration limit;

    Watchdog(Duration limit) {
        this.limit = limit;
        timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("weft-postgres-watchdog").factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Watches {@code connection} until the result is cancelled. */
    ScheduledFuture<?> watch(Connection connection) {
        return timer.schedule(() -> cutOff(connection), limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void cutOff(Connection connection) {
        LOG.warn("Postgres did not answer in {}; its connection is cut off", limit);
        try {
            // Closes the socket; the thread that waits on it gets an exception.
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.warn("a connection to Postgres could not be cut off: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
