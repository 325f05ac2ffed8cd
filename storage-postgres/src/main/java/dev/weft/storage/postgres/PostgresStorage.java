package dev.weft.storage.postgres;

import dev.weft.storage.DocumentErasedException;
import dev.weft.storage.DocumentId;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.Erasure;
import dev.weft.storage.Inventory;
import dev.weft.storage.StorageException;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.UnreadableVersionException;
import dev.weft.storage.VersionInfo;
import dev.weft.storage.VersionReference;
import dev.weft.storage.YRedisArchive;
import dev.weft.yjs.MalformedException;
import dev.weft.yjs.StateVector;
import java.io.ByteArrayInputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps documents in the table {@code weft_versions}, a row a version.
 *
 * <p>A load is one statement. That is why it has no hole: a statement sees the tables as they were at one moment. Where y-redis has left
 * documents, theirs are versions, too ({@link YRedisTable}). How stores and erasures exclude each other says {@link ErasedTable}. How durable
 * a version is when {@code store} returns is what the server's {@code synchronous_commit} says.
 */
final class PostgresStorage implements DocumentStorage, YRedisArchive {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresStorage.class);
    // A value has at most 1 GB in Postgres, and so has the message that brings it, with all that is around.
    private static final int LARGEST = 1_000_000_000;

    private final PostgresAddress address;
    private final Database database;
    private final boolean hasYRedis;
    /** Statements with the parameters that {@link #setDocument} sets. */
    private final String load;

    private final String list;

    private PostgresStorage(PostgresAddress address, Database database, boolean hasYRedis) {
        this.address = address;
        this.database = database;
        this.hasYRedis = hasYRedis;
        load = VersionsTable.SELECT + (hasYRedis ? " UNION ALL " + YRedisTable.SELECT : "");
        list = VersionsTable.LIST + (hasYRedis ? " UNION ALL " + YRedisTable.LIST : "");
    }

    /** Connects, sees to the tables and opens a pool of connections. */
    static PostgresStorage open(PostgresOptions options) {
        PostgresAddress address = options.address();
        boolean hasYRedis;
        try {
            // Without the limits on statements: a change of a large table takes its time.
            PGSimpleDataSource plain = address.dataSource(Database.connecting());
            new Schema(plain).prepare(options.migrates());
            hasYRedis = options.withYRedis() && hasYRedis(plain, address);
        } catch (SQLException | StorageException e) {
            throw new StorageException(address + " (setting POSTGRES) cannot be used: " + Database.reason(e), e);
        }
        return new PostgresStorage(address, new Database(options), hasYRedis);
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

    @Override
    public List<StoredVersion> load(DocumentId document) {
        return database.run("load " + document, connection -> {
            try (PreparedStatement select = connection.prepareStatement(load)) {
                setDocument(select, document);
                return versions(document, select);
            }
        });
    }

    @Override
    public List<StoredVersion> load(DocumentId document, Collection<VersionReference> references) {
        return database.run("load versions of " + document, connection -> {
            List<StoredVersion> versions = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(VersionsTable.SELECT_SOME)) {
                VersionsTable.setDocument(select, 1, document);
                select.setArray(5, VersionsTable.array(connection, references));
                versions.addAll(versions(document, select));
            }
            Integer[] rows = hasYRedis ? YRedisTable.rows(references) : new Integer[0];
            if (rows.length > 0) {
                try (PreparedStatement select = connection.prepareStatement(YRedisTable.SELECT_SOME)) {
                    YRedisTable.setDocument(select, 1, document);
                    select.setArray(5, connection.createArrayOf("integer", rows));
                    versions.addAll(versions(document, select));
                }
            }
            return versions;
        });
    }

    /** Of rows with the columns version, state vector, update and whether it is of y-redis. */
    private List<StoredVersion> versions(DocumentId document, PreparedStatement select) throws SQLException {
        List<StoredVersion> versions = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                versions.add(
                        rows.getBoolean(4)
                                ? YRedisTable.version(rows.getLong(1), rows.getBytes(3))
                                : version(document, rows));
            }
        }
        return versions;
    }

    private StoredVersion version(DocumentId document, ResultSet row) throws SQLException {
        String version = Long.toString(row.getLong(1));
        try {
            return new StoredVersion(
                    new VersionReference(version), row.getBytes(3), StateVector.decode(row.getBytes(2)));
        } catch (MalformedException e) {
            throw new UnreadableVersionException(
                    address + ": version " + version + " of " + document + " has a bad state vector: " + e.getMessage(),
                    e);
        }
    }

    @Override
    public List<VersionInfo> list(DocumentId document) {
        return database.run("list " + document, connection -> {
            try (PreparedStatement select = connection.prepareStatement(list)) {
                setDocument(select, document);
                return VersionsTable.inventory(select).versions();
            }
        });
    }

    @Override
    public Inventory inventory(DocumentId document) {
        return database.run("look for " + document, connection -> {
            try (PreparedStatement select = connection.prepareStatement(list + " UNION ALL " + ErasedTable.LIST)) {
                VersionsTable.setNames(select, setDocument(select, document), document);
                return VersionsTable.inventory(select);
            }
        });
    }

    /** Sets the parameters of {@link #load} and {@link #list}. @return the one behind them */
    private int setDocument(PreparedStatement select, DocumentId document) throws SQLException {
        VersionsTable.setDocument(select, 1, document);
        if (!hasYRedis) {
            return 5;
        }
        YRedisTable.setDocument(select, 5, document);
        return 9;
    }

    @Override
    public VersionReference store(DocumentId document, byte[] update, StateVector stateVector) {
        checkLength(document, update.length);
        return database.run("store " + document, connection -> {
            // Two statements sent at once, which without a transaction of ours are one transaction.
            try (PreparedStatement insert =
                    connection.prepareStatement(ErasedTable.LOCK_TO_STORE + "; " + VersionsTable.INSERT)) {
                insert.setLong(1, ErasedTable.lockOf(document));
                VersionsTable.setNames(insert, 2, document);
                insert.setBytes(4, stateVector.encode());
                // setBytes would copy the whole update first.
                insert.setBinaryStream(5, new ByteArrayInputStream(update), update.length);
                VersionsTable.setNames(insert, 6, document);
                insert.execute();
                insert.getMoreResults();
                try (ResultSet rows = insert.getResultSet()) {
                    if (rows.next()) {
                        return new VersionReference(Long.toString(rows.getLong(1)));
                    }
                }
            }
            throw new DocumentErasedException(document);
        });
    }

    // Postgres would end the connection in the midst of it, or run out of memory first.
    void checkLength(DocumentId document, long bytes) {
        if (bytes > LARGEST) {
            throw new StorageException(address + " could not store " + document + ": a version of " + bytes
                    + " bytes exceeds the " + LARGEST + " that Postgres takes; S3 would take it");
        }
    }

    @Override
    public void discard(DocumentId document, Collection<VersionReference> references) {
        database.run("discard versions of " + document, connection -> {
            try (PreparedStatement delete = connection.prepareStatement(VersionsTable.DELETE_SOME)) {
                VersionsTable.setNames(delete, 1, document);
                delete.setArray(3, VersionsTable.array(connection, references));
                delete.executeUpdate();
            }
            if (hasYRedis) {
                YRedisTable.discard(connection, document, references);
            }
            return true;
        });
    }

    @Override
    public Erasure erase(DocumentId document) {
        return database.transact("erase " + document, connection -> {
            ErasedTable.lockToErase(connection, document);
            ErasedTable.insert(connection, document);
            Deleted deleted = deleteAll(connection, document);
            Instant at = ErasedTable.erasedAt(connection, document).orElseThrow();
            return new Erasure(at, deleted.versions(), deleted.bytes());
        });
    }

    /** Processes of y-redis, or of a Weft that knew no tombstones, may have stored meanwhile. */
    private Deleted deleteAll(Connection connection, DocumentId document) throws SQLException {
        Deleted deleted = VersionsTable.deleteAll(connection, document);
        return hasYRedis ? deleted.plus(YRedisTable.deleteAll(connection, document)) : deleted;
    }

    @Override
    public Optional<Instant> erasedAt(DocumentId document) {
        return database.run("look for " + document, connection -> ErasedTable.erasedAt(connection, document));
    }

    @Override
    public void allow(DocumentId document) {
        database.transact("allow " + document, connection -> {
            ErasedTable.lockToErase(connection, document);
            if (ErasedTable.erasedAt(connection, document).isPresent()) {
                deleteAll(connection, document);
                ErasedTable.delete(connection, document);
            }
            return true;
        });
    }

    @Override
    public void forEach(Consumer<Left> action) {
        Optional<YRedisTable.Names> last = Optional.empty();
        while (hasYRedis) {
            Optional<YRedisTable.Names> after = last;
            // Page by page: no connection is held while somebody works on what was found.
            YRedisTable.Page page =
                    database.run("list the documents of y-redis", connection -> YRedisTable.page(connection, after));
            page.left().forEach(action);
            if (page.last().isEmpty()) {
                return;
            }
            last = page.last();
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
