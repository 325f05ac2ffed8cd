package dev.weft.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.settings.Settings;
import dev.weft.storage.DocumentErasedException;
import dev.weft.storage.DocumentId;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.Erasure;
import dev.weft.storage.VersionReference;
import dev.weft.testing.TestPostgres;
import dev.weft.yjs.StateVector;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How stores and erasures wait for each other; the other side is a transaction that the test holds open. */
@Timeout(60)
class PostgresErasureIT {
    private static final DocumentId DOCUMENT = DocumentId.ofRoom("a room");
    private static final String NAMES = "convert_to('a room', 'UTF8'), convert_to('index', 'UTF8')";

    private final String url = TestPostgres.shared().createDatabase();
    private final DocumentStorage storage = new PostgresStorageProvider().open(Settings.of(Map.of("POSTGRES", url)));
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void close() {
        executor.close();
        storage.close();
    }

    @Test
    void eraseWaitsForAStoreThatHasNotCommittedAndDeletesWhatItStored() throws Exception {
        try (Connection other = begin()) {
            run(other, ErasedTable.LOCK_TO_STORE.replace("?", Long.toString(ErasedTable.lockOf(DOCUMENT))));
            run(
                    other,
                    "INSERT INTO weft_versions (room, document, state_vector, update_v1) VALUES (" + NAMES
                            + ", '\\x00', 'abc')");

            Future<Erasure> erasure = executor.submit(() -> storage.erase(DOCUMENT));
            awaitOneThatWaits();
            other.commit();

            assertThat(erasure.get().versions()).isEqualTo(1);
            assertThat(erasure.get().bytes()).isEqualTo(3);
            assertThat(storage.load(DOCUMENT)).isEmpty();
        }
    }

    /** The statement that inserts must not see the tables as they were before it waited. */
    @Test
    void storeThatWaitedForAnEraseSeesThatTheDocumentIsErased() throws Exception {
        try (Connection other = begin()) {
            ErasedTable.lockToErase(other, DOCUMENT);

            Future<VersionReference> store =
                    executor.submit(() -> storage.store(DOCUMENT, new byte[] {1}, StateVector.empty()));
            awaitOneThatWaits();
            ErasedTable.insert(other, DOCUMENT);
            other.commit();

            assertThatThrownBy(store::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(DocumentErasedException.class);
            assertThat(storage.load(DOCUMENT)).isEmpty();
        }
    }

    @Test
    void storesOfOneDocumentDoNotWaitForEachOther() throws Exception {
        try (Connection other = begin()) {
            run(other, ErasedTable.LOCK_TO_STORE.replace("?", Long.toString(ErasedTable.lockOf(DOCUMENT))));

            storage.store(DOCUMENT, new byte[] {1}, StateVector.empty());
        }
        assertThat(storage.load(DOCUMENT)).hasSize(1);
    }

    /** As a process of a version of Weft does that knows no tombstones. */
    @Test
    void whatWasInsertedWithoutALookIsNoVersionAndDoesNotComeBack() throws Exception {
        storage.erase(DOCUMENT);
        try (Connection other = begin()) {
            run(
                    other,
                    "INSERT INTO weft_versions (room, document, state_vector, update_v1) VALUES (" + NAMES
                            + ", '\\x00', 'abc')");
            other.commit();
        }

        assertThat(storage.load(DOCUMENT)).isEmpty();
        assertThat(storage.list(DOCUMENT)).isEmpty();
        storage.allow(DOCUMENT);
        assertThat(storage.load(DOCUMENT)).isEmpty();
    }

    private void awaitOneThatWaits() {
        await().until(() -> {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT count(*) FROM pg_stat_activity"
                            + " WHERE datname = current_database() AND wait_event = 'advisory'")) {
                row.next();
                return row.getInt(1) == 1;
            }
        });
    }

    private Connection begin() throws SQLException {
        Connection connection = connect();
        connection.setAutoCommit(false);
        return connection;
    }

    private Connection connect() throws SQLException {
        return PostgresAddress.parse(url).dataSource(Map.of()).getConnection();
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
