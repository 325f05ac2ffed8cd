package dev.weft.storage.postgres;

import dev.weft.storage.StorageException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * The tables of this storage in a database: looks whether they are there, and makes what is missing from the files of {@link
 * PostgresSchema}.
 */
final class Schema {
    // One of our own: the database may belong to an application that keeps a history of its own there.
    private static final String HISTORY = "weft_schema_history";

    /** Names the lock that migrating processes take: "weft" in ASCII. */
    private static final long LOCK = 0x77656674;

    // By what each version brought, not by Flyway's history: the tables may have been made by hand. Version 3
    // is known by its comment, because how the column is stored is its owner's to change.
    private static final String VERSION = "SELECT CASE WHEN to_regclass('weft_versions') IS NULL THEN 0"
            + " WHEN to_regclass('weft_erased') IS NULL THEN 1"
            + " WHEN NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('weft_versions')"
            + " AND attname = 'update_v1' AND col_description(attrelid, attnum) IS NOT NULL) THEN 2 ELSE 3 END";

    private static final String MAY_USE =
            "SELECT current_user, count(*) FILTER (WHERE has_table_privilege(name, 'SELECT')"
                    + " AND has_table_privilege(name, 'INSERT') AND has_table_privilege(name, 'DELETE')) = 2"
                    + " FROM (VALUES ('weft_versions'), ('weft_erased')) AS tables (name)";

    private final DataSource source;

    Schema(DataSource source) {
        this.source = source;
    }

    /**
     * Sees to it that the tables are there and may be used. If they are current, nothing else is done, and needs no right but to use them.
     *
     * @param migrates whether what is missing is made. Several processes may do so at one time: one goes in after the other
     * @throws StorageException if it is missing and not made, or may not be used; the message says what to do
     * @throws SQLException if the database does not answer
     */
    void prepare(boolean migrates) throws SQLException {
        int found = version();
        if (found < PostgresSchema.version()) {
            if (!migrates) {
                throw new StorageException(missing(found) + ", and POSTGRES_MIGRATE is false" + byHand(found));
            }
            try {
                migrate();
            } catch (FlywayException | SQLException e) {
                throw new StorageException(
                        missing(found) + " and could not be made (" + Database.reason(e) + ")" + byHand(found), e);
            }
        }
        checkPrivileges();
    }

    private static String missing(int found) {
        return found == 0
                ? "its tables are missing"
                : "its tables are of version " + found + ", this Weft needs " + PostgresSchema.version();
    }

    private static String byHand(int found) {
        return ": run as their owner what './weft schema" + (found == 0 ? "" : " --from " + found) + "' prints";
    }

    private int version() throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(VERSION)) {
            row.next();
            return row.getInt(1);
        }
    }

    private void checkPrivileges() throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(MAY_USE)) {
            row.next();
            if (!row.getBoolean(2)) {
                throw new StorageException("the role " + row.getString(1)
                        + " may not use its tables: GRANT SELECT, INSERT, DELETE ON weft_versions, weft_erased TO it");
            }
        }
    }

    /**
     * Makes what is missing.
     *
     * <p>Flyway has a lock of its own, but takes the baseline of a new database before it: of several first starts one would find a history
     * that it takes for empty, and fail.
     */
    private void migrate() throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            // Until the end of the transaction, not of the session: a pooler may give one session to several clients.
            connection.setAutoCommit(false);
            statement.execute("SELECT pg_advisory_xact_lock(" + LOCK + ")");
            migrateAlone();
            connection.rollback();
        }
    }

    private void migrateAlone() throws SQLException {
        // The baseline counts where there is no history: tables that are there already are none of ours (y-redis's
        // among
        // them), or ours, made by hand.
        Flyway.configure(Schema.class.getClassLoader())
                .dataSource(source)
                .locations("classpath:dev/weft/storage/postgres")
                .failOnMissingLocations(true)
                .table(HISTORY)
                .baselineOnMigrate(true)
                .baselineVersion(Integer.toString(version()))
                .cleanDisabled(true)
                .load()
                .migrate();
    }
}
