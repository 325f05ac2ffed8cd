package dev.weft.storage.postgres;

import dev.weft.storage.DocumentId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * The table {@code weft_erased}, a row for each document that is erased, and the lock under which storing and erasing exclude each other.
 *
 * <p>A store looks whether the document is erased and inserts its version, an erase inserts its row and deletes the versions, and neither
 * would see what the other has not committed. So both first take an advisory lock of the document, until the end of their transaction:
 * stores share it, an erase has it alone. The statement that looks must be another than the one that takes the lock: at {@code READ
 * COMMITTED} a statement sees what was committed before it began, and one that waited for a lock began too early.
 */
final class ErasedTable {
    /** Takes the lock with others who store; its parameter is {@link #lockOf}. */
    static final String LOCK_TO_STORE = "SELECT pg_advisory_xact_lock_shared(?)";

    private static final String LOCK_TO_ERASE = "SELECT pg_advisory_xact_lock(?)";

    /** A condition; its parameters are the names. */
    static final String IS_NOT_ERASED = "NOT EXISTS (SELECT FROM weft_erased WHERE room = ? AND document = ?)";

    private static final String INSERT =
            "INSERT INTO weft_erased (room, document) VALUES (?, ?) ON CONFLICT DO NOTHING";
    private static final String SELECT = "SELECT erased_at FROM weft_erased WHERE room = ? AND document = ?";
    private static final String DELETE = "DELETE FROM weft_erased WHERE room = ? AND document = ?";

    /** Can be united with {@link VersionsTable#LIST}: a row without a reference, if the document is erased. Its parameters are the names. */
    static final String LIST =
            "SELECT NULL::text, NULL::bigint, erased_at FROM weft_erased WHERE room = ? AND document = ?";

    private ErasedTable() {}

    /**
     * The number of a document's lock: 64 bits of the SHA-256 of its names. Two documents with the same one would wait for each other now and
     * then, as they would for a lock of another application with that number.
     */
    static long lockOf(DocumentId document) {
        byte[] room = document.room().getBytes(StandardCharsets.UTF_8);
        byte[] name = document.name().getBytes(StandardCharsets.UTF_8);
        ByteBuffer names = ByteBuffer.allocate(Integer.BYTES + room.length + name.length)
                .putInt(room.length)
                .put(room)
                .put(name);
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(names.array()))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Takes the lock alone: waits for the stores under way, and those that come wait for the transaction. */
    static void lockToErase(Connection connection, DocumentId document) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(LOCK_TO_ERASE)) {
            lock.setLong(1, lockOf(document));
            lock.execute();
        }
    }

    static void insert(Connection connection, DocumentId document) throws SQLException {
        update(connection, INSERT, document);
    }

    static void delete(Connection connection, DocumentId document) throws SQLException {
        update(connection, DELETE, document);
    }

    private static void update(Connection connection, String sql, DocumentId document) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            VersionsTable.setNames(statement, 1, document);
            statement.executeUpdate();
        }
    }

    static Optional<Instant> erasedAt(Connection connection, DocumentId document) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT)) {
            VersionsTable.setNames(select, 1, document);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next()
                        ? Optional.of(rows.getObject(1, OffsetDateTime.class).toInstant())
                        : Optional.empty();
            }
        }
    }
}
