package dev.weft.storage.postgres;

import dev.weft.storage.DocumentId;
import dev.weft.storage.StorageException;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.VersionReference;
import dev.weft.storage.YRedisArchive;
import dev.weft.storage.YRedisDocuments;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The table in which y-redis kept its documents, {@code yredis_docs_v1 (room text, doc text, r serial, update bytea, sv bytea)}. Its rows
 * are read like versions of ours, in the same statement, and deleted when they are discarded.
 */
final class YRedisTable {
    // A process of y-redis may have stored what is erased, so those who read look. Parameters as #setDocument sets
    // them.
    private static final String OF_DOCUMENT =
            " FROM yredis_docs_v1 WHERE room = ANY (?) AND doc = ? AND " + ErasedTable.IS_NOT_ERASED;

    private static final String PREFIX = "yredis-";

    /** Can be united with {@link VersionsTable#SELECT}. */
    static final String SELECT = "SELECT r::bigint, NULL::bytea, update, true" + OF_DOCUMENT;

    /** As {@link #SELECT}, with an array of {@link #rows} as fifth parameter. */
    static final String SELECT_SOME = SELECT + " AND r = ANY (?)";

    /** Can be united with {@link VersionsTable#LIST}. The table does not say when a row was written. */
    static final String LIST =
            "SELECT '" + PREFIX + "' || r, octet_length(update)::bigint, NULL::timestamptz" + OF_DOCUMENT;

    private static final String DELETE_SOME =
            "DELETE FROM yredis_docs_v1 WHERE room = ANY (?) AND doc = ? AND r = ANY (?)";
    private static final String DELETE_ALL =
            "WITH deleted AS (DELETE FROM yredis_docs_v1 WHERE room = ANY (?) AND doc = ?"
                    + " RETURNING octet_length(update)::bigint AS bytes)"
                    + Deleted.COUNT;

    private static final int PAGE = 500;
    private static final String PAGE_OF = "SELECT room, doc, array_agg(r ORDER BY r), sum(octet_length(update))::bigint"
            + " FROM yredis_docs_v1 %s GROUP BY room, doc ORDER BY room, doc LIMIT " + PAGE;
    private static final String FIRST_PAGE = PAGE_OF.formatted("");
    private static final String NEXT_PAGE = PAGE_OF.formatted("WHERE (room, doc) > (?, ?)");

    /** How y-redis calls a document. */
    record Names(String room, String document) {}

    /**
     * Some documents, in the order of their names.
     *
     * @param last whose page comes next; empty if this is the last one
     */
    record Page(List<YRedisArchive.Left> left, Optional<Names> last) {}

    private YRedisTable() {}

    /**
     * Whether there is such a table, and it may be used.
     *
     * @throws StorageException if it is there and may not be used: its documents would seem to be empty
     */
    static boolean isPresent(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT has_table_privilege(name, 'SELECT')"
                        + " AND has_table_privilege(name, 'DELETE') FROM to_regclass('yredis_docs_v1') AS name"
                        + " WHERE name IS NOT NULL")) {
            if (!row.next()) {
                return false;
            }
            if (!row.getBoolean(1)) {
                throw new StorageException(
                        "the documents of y-redis are there and may not be read: GRANT SELECT, DELETE ON"
                                + " yredis_docs_v1, or set YREDIS_DOCUMENTS=false to go on without them");
            }
            return true;
        }
    }

    /** Sets four parameters: the names as y-redis has them, and those of {@link ErasedTable#IS_NOT_ERASED}. */
    static void setDocument(PreparedStatement statement, int first, DocumentId document) throws SQLException {
        setNames(statement, first, document);
        VersionsTable.setNames(statement, first + 2, document);
    }

    private static void setNames(PreparedStatement statement, int first, DocumentId document) throws SQLException {
        // Where text cannot hold the name, no row has it.
        boolean isText = !hasNul(document.room()) && !hasNul(document.name());
        List<String> rooms = isText ? YRedisDocuments.roomNames(document.room()) : List.of();
        Array names = statement.getConnection().createArrayOf("text", rooms.toArray());
        statement.setArray(first, names);
        statement.setString(first + 1, isText ? document.name() : "");
    }

    private static boolean hasNul(String name) {
        return name.indexOf('\0') >= 0;
    }

    static StoredVersion version(long row, byte[] update) {
        return YRedisDocuments.version(new VersionReference(PREFIX + row), update);
    }

    /** The rows that those of the references name which are of this table. */
    static Integer[] rows(Collection<VersionReference> references) {
        return references.stream()
                .map(YRedisTable::row)
                .flatMap(row -> row.isPresent() ? Stream.of(row.getAsInt()) : Stream.of())
                .toArray(Integer[]::new);
    }

    /** Deletes those of the rows that are the document's. */
    static void discard(Connection connection, DocumentId document, Collection<VersionReference> references)
            throws SQLException {
        Integer[] rows = rows(references);
        if (rows.length > 0) {
            try (PreparedStatement delete = connection.prepareStatement(DELETE_SOME)) {
                setNames(delete, 1, document);
                delete.setArray(3, connection.createArrayOf("integer", rows));
                delete.executeUpdate();
            }
        }
    }

    /** The first documents, or those after the named one. */
    static Page page(Connection connection, Optional<Names> after) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(after.isPresent() ? NEXT_PAGE : FIRST_PAGE)) {
            if (after.isPresent()) {
                select.setString(1, after.get().room());
                select.setString(2, after.get().document());
            }
            List<YRedisArchive.Left> left = new ArrayList<>();
            Optional<Names> last = Optional.empty();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    Names names = new Names(rows.getString(1), rows.getString(2));
                    last = Optional.of(names);
                    left.add(YRedisArchive.Left.of(
                            names.room(), names.document(), references(rows.getArray(3)), rows.getLong(4)));
                }
            }
            return new Page(left, left.size() < PAGE ? Optional.empty() : last);
        }
    }

    private static List<VersionReference> references(Array rows) throws SQLException {
        return Arrays.stream((Integer[]) rows.getArray())
                .map(row -> new VersionReference(PREFIX + row))
                .toList();
    }

    static Deleted deleteAll(Connection connection, DocumentId document) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(DELETE_ALL)) {
            setNames(delete, 1, document);
            return Deleted.by(delete);
        }
    }

    private static OptionalInt row(VersionReference reference) {
        String value = reference.value();
        try {
            return value.startsWith(PREFIX)
                    ? OptionalInt.of(Integer.parseInt(value.substring(PREFIX.length())))
                    : OptionalInt.empty();
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }
}
