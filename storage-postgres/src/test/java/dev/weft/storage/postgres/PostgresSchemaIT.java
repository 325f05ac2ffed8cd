package dev.weft.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.settings.Settings;
import dev.weft.storage.DocumentId;
import dev.weft.storage.DocumentStorage;
import dev.weft.testing.TestPostgres;
import dev.weft.yjs.StateVector;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
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
                starts.add(executor.submit(this::open));
            }
        }
        for (Future<DocumentStorage> start : starts) {
            start.get().close();
        }

        assertThat(ask("SELECT string_agg(version, ',') FROM weft_schema_history WHERE success"))
                .isEqualTo("1,2");
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
        return new PostgresStorageProvider().open(Settings.of(Map.of("POSTGRES", url)));
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
