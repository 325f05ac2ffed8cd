package dev.weft.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.settings.Settings;
import dev.weft.storage.DocumentId;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.StorageException;
import dev.weft.storage.VersionInfo;
import dev.weft.storage.VersionReference;
import dev.weft.testing.TestPostgres;
import dev.weft.yjs.StateVector;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGResultSetMetaData;

@Timeout(60)
class PostgresSchemaIT {
    private final String url = TestPostgres.shared().createDatabase();

    /** Flyway alone let one of several fail now and then, between looking for its history and taking the baseline. */
    @RepeatedTest(5)
    void severalFirstStartsAtOneTimeMakeTheTablesOnce() throws Exception {
        List<Future<DocumentStorage>> starts = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                starts.add(executor.submit(() -> open(url)));
            }
        }
        for (Future<DocumentStorage> start : starts) {
            start.get().close();
        }

        assertThat(ask("SELECT string_agg(version, ',') FROM weft_schema_history WHERE success"))
                .isEqualTo("1,2,3");
    }

    @Test
    void everyMigrationIsInTheScriptForThoseWhoMakeTheTablesByHand() throws SQLException {
        open().close();

        assertThat(
                        ask(
                                "SELECT string_agg(script, ',' ORDER BY installed_rank) FROM weft_schema_history WHERE version <> '0'"))
                .isEqualTo(String.join(",", PostgresSchema.FILES));
        assertThat(PostgresSchema.script(1)).contains("weft_erased").doesNotContain("CREATE TABLE weft_versions");
        assertThat(PostgresSchema.script(2)).contains("SET STORAGE EXTERNAL").doesNotContain("CREATE");
        assertThat(PostgresSchema.script(3)).contains("nothing to do").doesNotContain("ALTER", "BEGIN");
        assertThatThrownBy(() -> PostgresSchema.script(4)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void roleThatMayOnlySelectInsertAndDeleteDoesWhenTheTablesAreThere() throws SQLException {
        run(PostgresSchema.script(0));
        String poor = poorRole();
        DocumentId document = DocumentId.ofRoom("a room");
        assertThatThrownBy(() -> open(poor))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("GRANT SELECT, INSERT, DELETE ON weft_versions, weft_erased")
                .hasMessageContaining("(setting POSTGRES)")
                .hasMessageNotContainingAny("\n");
        run("GRANT SELECT, INSERT, DELETE ON weft_versions, weft_erased TO " + role());

        try (DocumentStorage storage = open(poor)) {
            VersionReference one = storage.store(document, new byte[] {1}, StateVector.empty());
            VersionReference two = storage.store(document, new byte[] {2}, StateVector.empty());
            storage.discard(document, List.of(one));
            assertThat(storage.load(document, List.of(one, two))).hasSize(1);
            assertThat(storage.list(document))
                    .extracting(VersionInfo::reference)
                    .containsExactly(two);
            assertThat(storage.erase(document).versions()).isEqualTo(1);
            storage.allow(document);
            assertThat(storage.load(document)).isEmpty();
        }
        assertThat(ask("SELECT to_regclass('weft_schema_history') IS NULL")).isEqualTo("t");
    }

    @Test
    void tablesThatAreMissingAndMayNotBeMadeAreSaidWithWhatToDo() throws SQLException {
        String poor = poorRole();

        assertThatThrownBy(() -> open(poor))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("(setting POSTGRES)")
                .hasMessageContaining("its tables are missing and could not be made")
                .hasMessageContaining("permission denied")
                .hasMessageEndingWith("run as their owner what './weft schema' prints")
                .hasMessageNotContainingAny("\n");
    }

    @Test
    void tablesThatAreOldAndMayNotBeChangedAreSaidWithWhatToDo() throws SQLException {
        run(PostgresSchema.script(0));
        run("DROP TABLE weft_erased");

        assertThatThrownBy(() -> open(url, "POSTGRES_MIGRATE", "false"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("its tables are of version 1, this Weft needs 3, and POSTGRES_MIGRATE is false")
                .hasMessageEndingWith("run as their owner what './weft schema --from 1' prints");
        run(PostgresSchema.script(1));
        open(url, "POSTGRES_MIGRATE", "false").close();
    }

    @Test
    void versionsAreNotCompressedAndWhatWasCompressedBeforeIsRead() throws SQLException {
        byte[] update = new byte[1_000_000];
        Arrays.fill(update, (byte) 7);
        DocumentId document = DocumentId.ofRoom("a room");
        run(PostgresSchema.script(0));
        run("ALTER TABLE weft_versions ALTER COLUMN update_v1 SET STORAGE EXTENDED");
        run("COMMENT ON COLUMN weft_versions.update_v1 IS NULL");
        run("INSERT INTO weft_versions (room, document, state_vector, update_v1)"
                + " VALUES ('a room', 'index', '\\x00', decode(repeat('07', 1000000), 'hex'))");
        String size = "SELECT sum(pg_column_size(update_v1)) FROM weft_versions";
        assertThat(Integer.parseInt(ask(size))).isLessThan(50_000);
        assertThatThrownBy(() -> open(url, "POSTGRES_MIGRATE", "false"))
                .hasMessageEndingWith("run as their owner what './weft schema --from 2' prints");

        try (DocumentStorage storage = open()) {
            storage.store(document, update, StateVector.empty());
            assertThat(storage.load(document))
                    .hasSize(2)
                    .allSatisfy(version -> assertThat(version.update()).isEqualTo(update));
        }
        assertThat(Integer.parseInt(ask(size))).isGreaterThan(1_000_000);
    }

    @Test
    void whoCompressesVersionsAllTheSameIsLeftAlone() throws SQLException {
        open().close();
        run("ALTER TABLE weft_versions ALTER COLUMN update_v1 SET STORAGE EXTENDED");

        open(url, "POSTGRES_MIGRATE", "false").close();
    }

    /** Flyway must neither make again what was made by hand, nor miss what is new. */
    @Test
    void tablesMadeByHandAreBroughtUpToDateByFlyway() throws SQLException {
        run(PostgresSchema.script(0));
        run("DROP TABLE weft_erased");
        run("INSERT INTO weft_versions (room, document, state_vector, update_v1) VALUES ('a', 'index', '\\x00', 'x')");

        try (DocumentStorage storage = open()) {
            assertThat(storage.load(DocumentId.ofRoom("a"))).hasSize(1);
            assertThat(storage.erasedAt(DocumentId.ofRoom("a"))).isEmpty();
        }
        // And once more, where Flyway made the first version and a hand the second.
        run("DELETE FROM weft_schema_history WHERE version = '2'");
        open().close();
    }

    @Test
    void viewShowsDocumentsByTheirNames() throws SQLException {
        try (DocumentStorage storage = open()) {
            storage.store(new DocumentId("my röom", "index"), new byte[10], StateVector.empty());
            storage.store(new DocumentId("my röom", "index"), new byte[32], StateVector.empty());
            storage.store(new DocumentId("zero \u0000", "index"), new byte[1], StateVector.empty());
        }

        assertThat(ask("SELECT concat_ws('|', room, document, versions, bytes) FROM weft_documents"
                        + " WHERE room = 'my röom'"))
                .isEqualTo("my röom|index|2|42");
        assertThat(ask("SELECT room FROM weft_documents WHERE bytes = 1")).isEqualTo("zero \\000");
    }

    @Test
    void documentsTravelInBinaryFromTheFirstExecutionOn() throws SQLException {
        open().close();
        try (Connection connection = PostgresAddress.parse(url)
                        .dataSource(Database.working(Duration.ofSeconds(10)))
                        .getConnection();
                PreparedStatement statement = connection.prepareStatement("SELECT update_v1 FROM weft_versions");
                ResultSet rows = statement.executeQuery()) {
            int binary = 1;
            assertThat(rows.getMetaData().unwrap(PGResultSetMetaData.class).getFormat(1))
                    .isEqualTo(binary);
        }
    }

    private DocumentStorage open() {
        return open(url);
    }

    private static DocumentStorage open(String address) {
        return new PostgresStorageProvider().open(Settings.of(Map.of("POSTGRES", address)));
    }

    private static DocumentStorage open(String address, String name, String value) {
        return new PostgresStorageProvider().open(Settings.of(Map.of("POSTGRES", address, name, value)));
    }

    /** A name for a role that no other test has: roles belong to the server, not the database. */
    private String role() {
        return "poor_" + URI.create(url).getPath().substring(1);
    }

    /** The address for a role that may connect and nothing else. */
    private String poorRole() throws SQLException {
        run("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        run("CREATE ROLE " + role() + " LOGIN PASSWORD 'pw'");
        return url.replace("postgres:postgres@", role() + ":pw@");
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String ask(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return String.valueOf(rows.getString(1));
        }
    }

    private Connection connect() throws SQLException {
        return PostgresAddress.parse(url).dataSource(Map.of()).getConnection();
    }
}
