package dev.weft.storage.postgres;

import dev.weft.storage.DocumentId;
import dev.weft.storage.Inventory;
import dev.weft.storage.VersionInfo;
import dev.weft.storage.VersionReference;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The table {@code weft_versions}, and what else is asked of it. */
final class VersionsTable {
    // A process of an older version of Weft may have stored what is erased. So those who read look, too.
    private static final String OF_DOCUMENT =
            " FROM weft_versions WHERE room = ? AND document = ? AND " + ErasedTable.IS_NOT_ERASED;

    /** Columns version, state vector, update, whether it is of y-redis; parameters as {@link #setDocument} sets them. */
    static final String SELECT = "SELECT version, state_vector, update_v1, false" + OF_DOCUMENT;

    /** As {@link #SELECT}, with an {@link #array} as fifth parameter. */
    static final String SELECT_SOME = SELECT + " AND version = ANY (?)";

    /** Columns reference, bytes, time; parameters as {@link #setDocument} sets them. Does not read the bytes to count them. */
    static final String LIST = "SELECT version::text, octet_length(update_v1)::bigint, stored_at" + OF_DOCUMENT;

    /** Parameters: names, state vector, update, names. Without a row to return, the document is erased. */
    static final String INSERT = "INSERT INTO weft_versions (room, document, state_vector, update_v1) SELECT ?, ?, ?, ?"
            + " WHERE " + ErasedTable.IS_NOT_ERASED + " RETURNING version";

    /** Parameters: names, and an {@link #array}. */
    static final String DELETE_SOME = "DELETE FROM weft_versions WHERE room = ? AND document = ? AND version = ANY (?)";

    private static final String DELETE_ALL =
            "WITH deleted AS (DELETE FROM weft_versions WHERE room = ? AND document = ?"
                    + " RETURNING octet_length(update_v1)::bigint AS bytes)"
                    + Deleted.COUNT;

    private VersionsTable() {}

    /** Sets the parameters of {@link #SELECT} and what begins with it: the names, and those of {@link ErasedTable#IS_NOT_ERASED}. */
    static void setDocument(PreparedStatement statement, int first, DocumentId document) throws SQLException {
        setNames(statement, first, document);
        setNames(statement, first + 2, document);
    }

    /** Sets two parameters: room and name. */
    static void setNames(PreparedStatement statement, int first, DocumentId document) throws SQLException {
        statement.setBytes(first, document.room().getBytes(StandardCharsets.UTF_8));
        statement.setBytes(first + 1, document.name().getBytes(StandardCharsets.UTF_8));
    }

    /** Those of the references that may be of this table. */
    static Array array(Connection connection, Collection<VersionReference> references) throws SQLException {
        Long[] versions = references.stream()
                .map(reference -> parse(reference.value()))
                .flatMap(version -> version.isPresent() ? Stream.of(version.getAsLong()) : Stream.of())
                .toArray(Long[]::new);
        return connection.createArrayOf("bigint", versions);
    }

    /** What {@link #LIST} finds, and {@link ErasedTable#LIST} if it is united with that. */
    static Inventory inventory(PreparedStatement list) throws SQLException {
        List<VersionInfo> versions = new ArrayList<>();
        Optional<Instant> erasedAt = Optional.empty();
        try (ResultSet rows = list.executeQuery()) {
            while (rows.next()) {
                String reference = rows.getString(1);
                OffsetDateTime time = rows.getObject(3, OffsetDateTime.class);
                Instant at = time == null ? Instant.EPOCH : time.toInstant();
                if (reference == null) {
                    erasedAt = Optional.of(at);
                } else {
                    versions.add(new VersionInfo(new VersionReference(reference), rows.getLong(2), at));
                }
            }
        }
        return new Inventory(versions, erasedAt);
    }

    static Deleted deleteAll(Connection connection, DocumentId document) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(DELETE_ALL)) {
            setNames(delete, 1, document);
            return Deleted.by(delete);
        }
    }

    private static OptionalLong parse(String reference) {
        try {
            return OptionalLong.of(Long.parseLong(reference));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
