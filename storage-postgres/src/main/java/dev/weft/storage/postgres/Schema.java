package dev.weft.storage.postgres;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** The tables of this storage, brought up to date by the SQL files beside this class. */
final class Schema {
    // One of our own: the database may belong to an application that keeps a history of its own there.
    private static final String HISTORY = "weft_schema_history";

    private Schema() {}

    /**
     * Creates or changes what is missing. Several processes may do so at one time: Flyway lets one in after the other.
     *
     * @throws org.flywaydb.core.api.FlywayException if the database refuses
     */
    static void migrate(DataSource source) {
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
