package dev.weft.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.settings.Settings;
import dev.weft.storage.DocumentId;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.StorageException;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.VersionReference;
import dev.weft.testing.Ports;
import dev.weft.testing.TestPostgres;
import dev.weft.yjs.StateVector;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a storage in Postgres does when the database or the way there is not as it should be. */
@Timeout(60)
class PostgresFaultsIT {
    private static final DocumentId DOCUMENT = DocumentId.ofRoom("a room");

    @Test
    void nobodyThereIsAnErrorOfOneLineThatNamesTheSettingAndThePlace() {
        int port = Ports.free();

        assertThatThrownBy(() -> open("postgres://u:secret@127.0.0.1:" + port + "/db"))
                .isInstanceOf(StorageException.class)
                .hasMessageStartingWith("Postgres at 127.0.0.1:" + port + "/db (setting POSTGRES) cannot be used: ")
                .hasMessageContaining("refused")
                .hasMessageNotContainingAny("secret", "\n");
    }

    @Test
    void missingDatabaseIsAnErrorThatSaysSo() {
        assertThatThrownBy(() -> open(TestPostgres.shared().url() + "_missing"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("(setting POSTGRES)")
                .hasMessageContaining("\"postgres_missing\" does not exist");
    }

    @Test
    void serverWithoutTlsIsRefusedWhereTheAddressDemandsIt() {
        assertThatThrownBy(() -> open(TestPostgres.shared().createDatabase() + "?sslmode=require"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("(setting POSTGRES)")
                .hasMessageContaining("does not support SSL");
    }

    @Test
    void serverThatAcceptsAndNeverAnswersIsGivenUp() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String url = "postgres://u:p@127.0.0.1:" + silent.getLocalPort() + "/db?connect_timeout=1&loginTimeout=1";

            assertThatThrownBy(() -> open(url)).isInstanceOf(StorageException.class);
        }
    }

    @Test
    void statementThatTakesTooLongIsEndedAndTheNextOneWorks() throws SQLException {
        String url = TestPostgres.shared().createDatabase();
        try (DocumentStorage storage = open(url);
                Connection other = connect(url);
                Statement lock = other.createStatement()) {
            VersionReference stored = storage.store(DOCUMENT, new byte[] {1}, StateVector.empty());
            other.setAutoCommit(false);
            lock.execute("LOCK TABLE weft_versions");

            assertThatThrownBy(() -> storage.load(DOCUMENT))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("statement timeout")
                    .hasMessageNotContainingAny("\n");
            other.rollback();

            assertThat(storage.load(DOCUMENT))
                    .extracting(StoredVersion::reference)
                    .containsExactly(stored);
        }
    }

    @Test
    void writerWhoseBytesNobodyTakesIsCutOff() throws IOException {
        String url = TestPostgres.shared().createDatabase();
        int port = URI.create(url).getPort();
        try (FreezingRelay relay = new FreezingRelay(port);
                DocumentStorage storage = open(url.replace(":" + port + "/", ":" + relay.port() + "/"))) {
            storage.store(DOCUMENT, new byte[] {1}, StateVector.empty());

            relay.freeze();

            // More than the sockets on the way can hold.
            byte[] large = new byte[32 * 1024 * 1024];
            assertThatThrownBy(() -> storage.store(DOCUMENT, large, StateVector.empty()))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("could not store");
        }
    }

    @Test
    void restartOfTheServerIsAnErrorWhileItIsDownAndForgottenAfterwards(@TempDir Path folder) {
        try (TestPostgres postgres = TestPostgres.start(folder.resolve("data"));
                DocumentStorage storage = open(postgres.url() + "?connect_timeout=1")) {
            VersionReference before = storage.store(DOCUMENT, new byte[] {1}, StateVector.empty());

            postgres.stop();
            assertThatThrownBy(() -> storage.store(DOCUMENT, new byte[] {2}, StateVector.empty()))
                    .isInstanceOf(StorageException.class)
                    .hasMessageStartingWith("Postgres at ")
                    .hasMessageNotContainingAny("\n");
            postgres.restart();

            // The pool tries no connection that was used half a second ago: each of these may fail once more, and is
            // gone then.
            await().ignoreException(StorageException.class)
                    .untilAsserted(() -> assertThat(storage.load(DOCUMENT))
                            .extracting(StoredVersion::reference)
                            .containsExactly(before));
        }
    }

    @Test
    void unreadableStateVectorIsAnErrorThatNamesTheVersion() throws SQLException {
        String url = TestPostgres.shared().createDatabase();
        try (DocumentStorage storage = open(url)) {
            VersionReference stored = storage.store(DOCUMENT, new byte[] {1}, StateVector.empty());
            run(url, "UPDATE weft_versions SET state_vector = '\\xff'");

            assertThatThrownBy(() -> storage.load(DOCUMENT))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("version " + stored.value() + " of " + DOCUMENT);
        }
    }

    @Test
    void versionLongerThanPostgresTakesIsRefusedBeforeItIsSent() {
        String url = TestPostgres.shared().createDatabase();
        try (PostgresStorage storage = PostgresStorage.open(PostgresOptions.of(Settings.of(Map.of("POSTGRES", url))))) {
            storage.checkLength(DOCUMENT, 1_000_000_000);
            assertThatThrownBy(() -> storage.checkLength(DOCUMENT, 1_000_000_001))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("1000000001 bytes exceeds the 1000000000 that Postgres takes");
        }
    }

    private static DocumentStorage open(String url) {
        return new PostgresStorageProvider()
                .open(Settings.of(Map.of("POSTGRES", url, "POSTGRES_TIMEOUT", "1000", "POSTGRES_POOL_SIZE", "2")));
    }

    private static void run(String url, String sql) throws SQLException {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect(String url) throws SQLException {
        return PostgresAddress.parse(url).dataSource(Map.of()).getConnection();
    }
}
