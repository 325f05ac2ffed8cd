package dev.weft.storage.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** The tables of this storage, brought up to date by the SQL files beside this class. */
final class Schema {
    // One of our own: the database may belong to an application that keeps a history of its own there.
    private static final String HISTORY = "weft_schema_history";

    /** Names the lock that migrating processes take: "weft" in ASCII. */
    private static final long LOCK = 0x77656674;

    private Schema() {}

    /**
     * Creates or changes what is missing. Several processes may do so at one time: one goes in after the other.
     *
     * <p>Flyway has a lock of its own, but takes the baseline of a new database before it: of several first starts one would find a history
     * that it takes for empty, and fail.
     *
     * @throws org.flywaydb.core.api.FlywayException if the database refuses
     * @throws SQLException if it does not answer
     */
    static void migrate(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            // Until the end of the transaction, not of the session: a pooler may give one session to several clients.
            connection.setAutoCommit(false);
            statement.execute("SELECT pg_advisory_xact_lock(" + LOCK + ")");
            migrateAlone(source);
            connection.rollback();
        }
    }

    private static void migrateAlone(DataSource source) {
        // Baseline 0: tables that are there already (y-redis's among them) are none of ours and stay as they are.
        Flyway.configure(Schema.class.getClassLoader())
                .dataSource(source)
                .locations("classpath:dev/weft/storage/postgres")
                .failOnMissingLocations(true)
                .table(HISTORY)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .cleanDisabled(true)
                .load()
                .migrate();
    }
}
