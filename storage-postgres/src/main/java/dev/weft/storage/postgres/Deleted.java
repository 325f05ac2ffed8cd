package dev.weft.storage.postgres;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** How many versions were deleted, and how many bytes they had. */
record Deleted(int versions, long bytes) {
    /** Goes after {@code WITH deleted AS (DELETE … RETURNING … AS bytes)}. */
    static final String COUNT = " SELECT count(*), coalesce(sum(bytes), 0) FROM deleted";

    /** Runs a statement that ends with {@link #COUNT}. */
    static Deleted by(PreparedStatement delete) throws SQLException {
        try (ResultSet row = delete.executeQuery()) {
            row.next();
            return new Deleted(row.getInt(1), row.getLong(2));
        }
    }

    Deleted plus(Deleted other) {
        return new Deleted(versions + other.versions, bytes + other.bytes);
    }
}
