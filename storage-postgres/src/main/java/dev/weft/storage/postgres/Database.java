package dev.weft.storage.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.weft.storage.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.postgresql.PGProperty;

/** Connections to a database, of which each piece of work gets one for a limited time. */
final class Database implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final Duration MARGIN = Duration.ofSeconds(5);
    private static final Duration IDLE_LIMIT = Duration.ofMinutes(1);

    private final PostgresAddress address;
    private final HikariDataSource pool;
    private final Watchdog watchdog;

    /** What is done with a connection. */
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Makes a pool, which connects when it is first needed. */
    Database(PostgresOptions options) {
        Duration timeout = options.timeout();
        address = options.address();
        HikariConfig config = new HikariConfig();
        config.setPoolName("weft-postgres");
        config.setDataSource(address.dataSource(working(timeout)));
        config.setConnectionInitSql("SET statement_timeout = " + timeout.toMillis());
        // Whatever the database's default is: ErasedTable needs a statement to see what was committed before it.
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.setMaximumPoolSize(options.poolSize());
        config.setMinimumIdle(1);
        config.setIdleTimeout(IDLE_LIMIT.toMillis());
        config.setConnectionTimeout(options.poolWait().toMillis());
        config.setInitializationFailTimeout(-1);
        pool = new HikariDataSource(config);
        watchdog = new Watchdog(timeout.plus(MARGIN));
    }

    /** Properties of a connection whose statements may take any time. */
    static Map<PGProperty, String> connecting() {
        Map<PGProperty, String> properties = new EnumMap<>(PGProperty.class);
        properties.put(PGProperty.APPLICATION_NAME, "weft");
        properties.put(PGProperty.CONNECT_TIMEOUT, Long.toString(CONNECT_LIMIT.toSeconds()));
        properties.put(PGProperty.LOGIN_TIMEOUT, Long.toString(CONNECT_LIMIT.toSeconds()));
        properties.put(PGProperty.TCP_KEEP_ALIVE, "true");
        return properties;
    }

    /** Properties of a connection of the pool. */
    static Map<PGProperty, String> working(Duration timeout) {
        Map<PGProperty, String> properties = connecting();
        properties.put(
                PGProperty.SOCKET_TIMEOUT, Long.toString(timeout.plus(MARGIN).toSeconds()));
        // Binary from the first execution on: as text, a document comes as hexadecimal digits, twice as long, to be
        // decoded.
        properties.put(PGProperty.PREPARE_THRESHOLD, "-1");
        return properties;
    }

    /**
     * Runs work whose statements stand each for itself.
     *
     * @param what completes "could not …", for the message of the exception
     */
    <T> T run(String what, Work<T> work) {
        try (Connection connection = pool.getConnection()) {
            Watchdog.Watch watch = watchdog.watch(connection);
            try {
                return work.run(connection);
            } finally {
                watch.cancel();
            }
        } catch (SQLException e) {
            throw new StorageException(address + " could not " + what + ": " + reason(e), e);
        }
    }

    /** As {@link #run}, in one transaction. */
    <T> T transact(String what, Work<T> work) {
        return run(what, connection -> {
            connection.setAutoCommit(false);
            T result = work.run(connection);
            connection.commit();
            // If it was not reached, the pool rolls back what is given back to it.
            return result;
        });
    }

    @Override
    public void close() {
        pool.close();
        watchdog.close();
    }

    /** The innermost word on the matter, in one line: what lies around it (Flyway's, the pool's) says less. */
    static String reason(Throwable thrown) {
        String reason = thrown.getClass().getSimpleName();
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            boolean isWord = cause instanceof SQLException || cause instanceof StorageException;
            if (isWord && cause.getMessage() != null) {
                reason = cause.getMessage();
            }
            if (cause instanceof StorageException) {
                break; // It has taken in what lies within.
            }
        }
        return reason.replaceAll("\\s*\\R\\s*", "; ");
    }

    /** Where it is, for messages. */
    @Override
    public String toString() {
        return address.toString();
    }
}
