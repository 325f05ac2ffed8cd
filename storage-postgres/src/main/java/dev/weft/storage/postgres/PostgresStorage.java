package dev.weft.storage.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.weft.storage.DocumentId;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.StorageException;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.VersionReference;
import dev.weft.yjs.MalformedException;
import dev.weft.yjs.StateVector;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps documents in the table {@code weft_versions}, a row a version.
 *
 * <p>A load is one statement. That is why it has no hole: a statement sees the tables as they were at one moment. Where y-redis has left
 * documents, theirs are versions, too ({@link YRedisTable}). How durable a version is when {@code store} returns is what the server's {@code synchronous_commit} says.
 */
final class PostgresStorage implements DocumentStorage {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresStorage.class);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final Duration MARGIN = Duration.ofSeconds(5);
    private static final Duration IDLE_LIMIT = Duration.ofMinutes(1);

    private static final String LOAD =
            "SELECT version, state_vector, update_v1, false FROM weft_versions WHERE room = ? AND document = ?";
    private static final String LOAD_YREDIS = LOAD + " UNION ALL " + YRedisTable.ROWS;
    private static final String STORE =
            "INSERT INTO weft_versions (room, document, state_vector, update_v1) VALUES (?, ?, ?, ?)"
                    + " RETURNING version";
    private static final String DISCARD =
            "DELETE FROM weft_versions WHERE room = ? AND document = ? AND version = ANY (?)";
    private static final String ERASE = "DELETE FROM weft_versions WHERE room = ? AND document = ?";

    private final PostgresAddress address;
    private final HikariDataSource pool;
    private final Watchdog watchdog;
    private final boolean hasYRedis;

    private PostgresStorage(PostgresAddress address, HikariDataSource pool, Watchdog watchdog, boolean hasYRedis) {
        this.address = address;
        this.pool = pool;
        this.watchdog = watchdog;
        this.hasYRedis = hasYRedis;
    }

    /**
     * Connects, brings the tables up to date and opens a pool of connections.
     *
     * @param timeout how long a statement may take
     * @param withYRedis whether documents of y-redis are looked for
     */
    static PostgresStorage open(PostgresAddress address, int poolSize, Duration timeout, boolean withYRedis) {
        boolean hasYRedis;
        try {
            // Without the limits on statements: a change of a large table takes its time.
            PGSimpleDataSource plain = address.dataSource(connecting());
            Schema.migrate(plain);
            hasYRedis = withYRedis && hasYRedis(plain, address);
        } catch (SQLException | FlywayException e) {
            throw new StorageException(address + " (setting POSTGRES) cannot be used: " + reason(e), e);
        }
        HikariConfig config = new HikariConfig();
        config.setPoolName("weft-postgres");
        config.setDataSource(address.dataSource(working(timeout)));
        config.setConnectionInitSql("SET statement_timeout = " + timeout.toMillis());
        config.setMaximumPoolSize(poolSize);
        config.setMinimumIdle(1);
        config.setIdleTimeout(IDLE_LIMIT.toMillis());
        config.setConnectionTimeout(CONNECT_LIMIT.toMillis());
        config.setInitializationFailTimeout(-1); // It has just answered.
        return new PostgresStorage(
                address, new HikariDataSource(config), new Watchdog(timeout.plus(MARGIN)), hasYRedis);
    }

    private static boolean hasYRedis(PGSimpleDataSource source, PostgresAddress address) throws SQLException {
        try (Connection connection = source.getConnection()) {
            boolean present = YRedisTable.isPresent(connection);
            if (present) {
                LOG.info(
                        "{}: documents of y-redis (table yredis_docs_v1) are read, and replaced as they change",
                        address);
            }
            return present;
        }
    }

    private static Map<PGProperty, String> connecting() {
        Map<PGProperty, String> properties = new EnumMap<>(PGProperty.class);
        properties.put(PGProperty.APPLICATION_NAME, "weft");
        properties.put(PGProperty.CONNECT_TIMEOUT, Long.toString(CONNECT_LIMIT.toSeconds()));
        properties.put(PGProperty.LOGIN_TIMEOUT, Long.toString(CONNECT_LIMIT.toSeconds()));
        properties.put(PGProperty.TCP_KEEP_ALIVE, "true");
        return properties;
    }

    static Map<PGProperty, String> working(Duration timeout) {
        Map<PGProperty, String> properties = connecting();
        properties.put(
                PGProperty.SOCKET_TIMEOUT, Long.toString(timeout.plus(MARGIN).toSeconds()));
        // Binary from the first execution on: as text, a document comes as hexadecimal digits, twice as long, to be
        // decoded.
        properties.put(PGProperty.PREPARE_THRESHOLD, "-1");
        return properties;
    }

    @Override
    public List<StoredVersion> load(DocumentId document) {
        return run("load", document, hasYRedis ? LOAD_YREDIS : LOAD, statement -> {
            if (hasYRedis) {
                YRedisTable.setDocument(statement, 3, document);
            }
            List<StoredVersion> versions = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    versions.add(
                            rows.getBoolean(4)
                                    ? YRedisTable.version(rows.getLong(1), rows.getBytes(3))
                                    : version(document, rows));
                }
            }
            return versions;
        });
    }

    private StoredVersion version(DocumentId document, ResultSet row) throws SQLException {
        String version = Long.toString(row.getLong(1));
        try {
            return new StoredVersion(
                    new VersionReference(version), row.getBytes(3), StateVector.decode(row.getBytes(2)));
        } catch (MalformedException e) {
            throw new StorageException(
                    address + ": version " + version + " of " + document + " has a bad state vector: " + e.getMessage(),
                    e);
        }
    }

    @Override
    public VersionReference store(DocumentId document, byte[] update, StateVector stateVector) {
        return run("store", document, STORE, statement -> {
            statement.setBytes(3, stateVector.encode());
            // setBytes would copy the whole update first.
            statement.setBinaryStream(4, new ByteArrayInputStream(update), update.length);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return new VersionReference(Long.toString(rows.getLong(1)));
            }
        });
    }

    @Override
    public void discard(DocumentId document, Collection<VersionReference> references) {
        Long[] versions = references.stream()
                .map(reference -> parse(reference.value()))
                .flatMap(version -> version.isPresent() ? Stream.of(version.getAsLong()) : Stream.of())
                .toArray(Long[]::new);
        run("discard", document, DISCARD, statement -> {
            statement.setArray(3, statement.getConnection().createArrayOf("bigint", versions));
            statement.executeUpdate();
            if (hasYRedis) {
                YRedisTable.discard(statement.getConnection(), document, references);
            }
            return true;
        });
    }

    @Override
    public void erase(DocumentId document) {
        run("erase", document, ERASE, statement -> {
            statement.executeUpdate();
            if (hasYRedis) {
                YRedisTable.erase(statement.getConnection(), document);
            }
            return true;
        });
    }

    @Override
    public void close() {
        pool.close();
        watchdog.close();
    }

    /** Prepares a statement, whose first two parameters are the document, and runs what is to be done with it. */
    private <T> T run(String verb, DocumentId document, String sql, Work<T> work) {
        try (Connection connection = pool.getConnection()) {
            Future<?> watch = watchdog.watch(connection);
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setBytes(1, document.room().getBytes(StandardCharsets.UTF_8));
                statement.setBytes(2, document.name().getBytes(StandardCharsets.UTF_8));
                return work.run(statement);
            } finally {
                watch.cancel(false);
            }
        } catch (SQLException | RejectedExecutionException e) {
            throw new StorageException(address + " could not " + verb + " " + document + ": " + reason(e), e);
        }
    }

    private interface Work<T> {
        T run(PreparedStatement statement) throws SQLException;
    }

    private static OptionalLong parse(String reference) {
        try {
            return OptionalLong.of(Long.parseLong(reference));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** The innermost word on the matter, in one line: what lies around it (Flyway's, the pool's) says less. */
    private static String reason(Throwable thrown) {
        String reason = thrown.getClass().getSimpleName();
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException && cause.getMessage() != null) {
                reason = cause.getMessage();
            }
        }
        return reason.replaceAll("\\s*\\R\\s*", "; ");
    }
}
