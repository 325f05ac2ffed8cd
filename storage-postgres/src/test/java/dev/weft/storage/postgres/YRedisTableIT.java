package dev.weft.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.settings.Settings;
import dev.weft.storage.DocumentId;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.StorageException;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.VersionReference;
import dev.weft.storage.YRedisSamples;
import dev.weft.testing.TestPostgres;
import dev.weft.yjs.StateVector;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database in which y-redis kept its documents. */
@Timeout(60)
class YRedisTableIT {
    private static final DocumentId ROOM = DocumentId.ofRoom("my room");

    private final String url = TestPostgres.shared().createDatabase();

    @BeforeEach
    void fill() throws SQLException {
        run("CREATE TABLE yredis_docs_v1 (room text, doc text, r SERIAL, update bytea, sv bytea,"
                + " PRIMARY KEY (room, doc, r))");
        insert("my%20room", YRedisSamples.v2());
        insert("another", YRedisSamples.v2());
    }

    @Test
    void documentIsReadUnderTheNameThatYRedisGaveIt() {
        try (DocumentStorage storage = open()) {
            assertThat(storage.load(ROOM)).singleElement().satisfies(version -> {
                assertThat(version.update()).isEqualTo(YRedisSamples.v1());
                assertThat(version.stateVector()).isEqualTo(StateVector.decode(new byte[] {1, 7, 15}));
            });
            assertThat(storage.load(DocumentId.ofRoom("my%20room"))).isEmpty();
            assertThat(storage.load(new DocumentId("my room", "other"))).isEmpty();
            assertThat(storage.load(DocumentId.ofRoom("my\0room"))).isEmpty();
        }
    }

    @Test
    void rowIsDeletedWhenItsVersionIsDiscardedAndNoOther() throws SQLException {
        try (DocumentStorage storage = open()) {
            StoredVersion theirs = storage.load(ROOM).getFirst();
            VersionReference other =
                    storage.load(DocumentId.ofRoom("another")).getFirst().reference();
            VersionReference ours = storage.store(ROOM, theirs.update(), theirs.stateVector());
            assertThat(storage.load(ROOM)).hasSize(2);
            storage.discard(ROOM, List.of(theirs.reference(), other, new VersionReference("yredis-x")));
            assertThat(storage.load(ROOM)).extracting(StoredVersion::reference).containsExactly(ours);
        }
        assertThat(ask("SELECT string_agg(room, ',') FROM yredis_docs_v1")).isEqualTo("another");
    }

    @Test
    void numbersOfOurVersionsAndTheirRowsAreNotMixedUp() throws SQLException {
        try (DocumentStorage storage = open()) {
            VersionReference ours = storage.store(ROOM, YRedisSamples.v1(), StateVector.empty());
            assertThat(ours.value()).as("the number of the row, too").isEqualTo("1");
            storage.discard(ROOM, List.of(ours));
        }
        assertThat(ask("SELECT count(*) FROM yredis_docs_v1")).isEqualTo("2");
    }

    @Test
    void erasureTakesTheirRowsToo() throws SQLException {
        try (DocumentStorage storage = open()) {
            storage.erase(ROOM);
            assertThat(storage.load(ROOM)).isEmpty();
        }
        assertThat(ask("SELECT string_agg(room, ',') FROM yredis_docs_v1")).isEqualTo("another");
    }

    @Test
    void rowThatIsNoUpdateIsAnErrorAndNoEmptyDocument() throws SQLException {
        insert("broken", new byte[] {1, 2});
        try (DocumentStorage storage = open()) {
            assertThatThrownBy(() -> storage.load(DocumentId.ofRoom("broken")))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("yredis-3");
        }
    }

    @Test
    void tableIsPassedOverWhenTheOperatorSaysSo() throws SQLException {
        try (DocumentStorage storage = open(url, "false")) {
            assertThat(storage.load(ROOM)).isEmpty();
            storage.erase(ROOM);
        }
        assertThat(ask("SELECT count(*) FROM yredis_docs_v1")).isEqualTo("2");
    }

    @Test
    void tableThatMayNotBeReadIsNotTakenForEmpty() throws SQLException {
        String role = "weft_" + Long.toHexString(System.nanoTime());
        run("CREATE ROLE " + role + " LOGIN PASSWORD 'pw'");
        run("GRANT ALL ON SCHEMA public TO " + role);
        run("GRANT CREATE ON DATABASE " + URI.create(url).getPath().substring(1) + " TO " + role);
        URI address = URI.create(url);
        String theirs = "postgres://" + role + ":pw@" + address.getHost() + ":" + address.getPort() + address.getPath();

        assertThatThrownBy(() -> open(theirs, "true"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("GRANT SELECT, DELETE ON yredis_docs_v1");
    }

    private DocumentStorage open() {
        return open(url, "true");
    }

    private static DocumentStorage open(String address, String withYRedis) {
        return new PostgresStorageProvider()
                .open(Settings.of(Map.of("POSTGRES", address, "YREDIS_DOCUMENTS", withYRedis)));
    }

    private void insert(String room, byte[] update) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(
                        "INSERT INTO yredis_docs_v1 (room, doc, update, sv) VALUES (?, 'index', ?, '\\x00')")) {
            statement.setString(1, room);
            statement.setBytes(2, update);
            statement.executeUpdate();
        }
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
