package dev.weft.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.settings.Settings;
import dev.weft.storage.DocumentId;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.DocumentStorages;
import dev.weft.storage.StorageException;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.VersionReference;
import dev.weft.storage.YRedisArchive;
import dev.weft.storage.YRedisSamples;
import dev.weft.testing.TestPostgres;
import dev.weft.testing.TestS3;
import dev.weft.yjs.StateVector;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A table, and a bucket, in which y-redis kept documents. */
@Timeout(120)
class ImportIT {
    private static final DocumentId PLAIN = DocumentId.ofRoom("notes");
    private static final DocumentId ESCAPED = DocumentId.ofRoom("my room");
    private static final Duration PAUSE = Duration.ofMillis(1);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everythingIsReplacedAndWhatCannotBeIsLeftAndSaid(Kind kind) {
        Old old = open(kind);
        old.put("notes", YRedisSamples.v2());
        old.put("notes", YRedisSamples.v2());
        old.put("my%20room", YRedisSamples.v2());
        old.put("my room", YRedisSamples.v2());
        old.put("broken", new byte[] {1, 2, 3});
        old.put("%ff", YRedisSamples.v2());
        DocumentStorage storage = openStorage(old);
        VersionReference ours = storage.store(PLAIN, YRedisSamples.v1(), StateVector.empty());
        VersionReference broken =
                storage.list(DocumentId.ofRoom("broken")).getFirst().reference();

        assertThat(run(old)).isEqualTo(1);

        assertThat(out.toString())
                .contains("y-redis has left 5 documents, ")
                .contains("imported 3 documents (4 versions, now ")
                .contains("; 0 were gone already, 2 not imported");
        assertThat(err.toString().lines())
                .hasSize(2)
                .anySatisfy(line ->
                        assertThat(line).startsWith("not imported: broken: ").contains("V2"))
                .anySatisfy(line -> assertThat(line).startsWith("not imported: %ff: no room here can have this name"));
        List<StoredVersion> plain = storage.load(PLAIN);
        assertThat(plain)
                .hasSize(2)
                .allSatisfy(version -> assertThat(version.update()).isEqualTo(YRedisSamples.v1()));
        assertThat(plain).extracting(StoredVersion::reference).contains(ours);
        assertThat(plain).extracting(version -> version.stateVector()).contains(StateVector.decode(new byte[] {1, 7, 15
        }));
        assertThat(storage.load(ESCAPED)).hasSize(2);
        assertThat(storage.list(DocumentId.ofRoom("broken")))
                .extracting(version -> version.reference())
                .containsExactly(broken);
        assertThat(left(storage)).containsExactlyInAnyOrder("broken", "%ff");
    }

    @ParameterizedTest
    @EnumSource
    void whatWasDoneIsNotDoneAgain(Kind kind) {
        Old old = open(kind);
        old.put("notes", YRedisSamples.v2());
        DocumentStorage storage = openStorage(old);

        assertThat(run(old)).isZero();
        List<StoredVersion> first = storage.load(PLAIN);
        out.getBuffer().setLength(0);
        assertThat(run(old)).isZero();

        assertThat(out.toString()).contains("y-redis has left 0 documents, 0 B", "imported 0 documents");
        assertThat(storage.load(PLAIN))
                .extracting(StoredVersion::reference)
                .containsExactly(first.getFirst().reference());
    }

    @ParameterizedTest
    @EnumSource
    void listAndDryRunChangeNothing(Kind kind) {
        Old old = open(kind);
        old.put("notes", YRedisSamples.v2());
        old.put("my%20room", YRedisSamples.v2());
        old.put("broken", new byte[] {1, 2, 3});
        DocumentStorage storage = openStorage(old);

        assertThat(run(old, "--list")).isZero();
        assertThat(out.toString().lines())
                .containsExactlyInAnyOrder(
                        "notes\t1 version\t" + YRedisSamples.v2().length + " bytes",
                        "my%20room\t1 version\t" + YRedisSamples.v2().length + " bytes",
                        "broken\t1 version\t3 bytes",
                        "3 documents, " + (2 * YRedisSamples.v2().length + 3) + " B");
        assertThat(run(old, "--dry-run")).isEqualTo(1);
        assertThat(out.toString()).contains("could import 2 documents");
        assertThat(err.toString()).startsWith("not imported: broken: ");

        assertThat(left(storage)).containsExactlyInAnyOrder("notes", "my%20room", "broken");
        assertThat(storage.load(PLAIN)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheChosenRoomsAreImported(Kind kind) {
        Old old = open(kind);
        for (String room : List.of("team/1", "team/2", "other", "my%20team")) {
            old.put(room, YRedisSamples.v2());
        }
        DocumentStorage storage = openStorage(old);

        assertThat(run(old, "--room", "team/*")).isZero();
        assertThat(left(storage)).containsExactlyInAnyOrder("other", "my%20team");
        assertThat(run(old, "--room", "my t*m")).isZero();
        assertThat(left(storage)).containsExactly("other");
    }

    /** More than a page of either. */
    @ParameterizedTest
    @EnumSource
    void manyDocumentsAreImported(Kind kind) {
        Old old = open(kind);
        for (int i = 0; i < 1_101; i++) {
            old.put("room " + i, YRedisSamples.v2());
        }
        DocumentStorage storage = openStorage(old);

        assertThat(run(old, "--concurrency", "8")).isZero();

        assertThat(out.toString()).contains("imported 1,101 documents (1,101 versions, ");
        assertThat(left(storage)).isEmpty();
        assertThat(storage.load(DocumentId.ofRoom("room 1100"))).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void erasedDocumentsStayErased(Kind kind) {
        Old old = open(kind);
        DocumentStorage storage = openStorage(old);
        storage.erase(PLAIN);
        old.put("notes", YRedisSamples.v2());

        assertThat(run(old)).isZero();

        assertThat(out.toString()).contains("1 were gone already");
        assertThat(storage.load(PLAIN)).isEmpty();
    }

    @Test
    void storageThatRefusesForAMomentIsAskedAgainAndAnImportOfWhatNobodyTakesIsEnded() {
        Old old = open(Kind.POSTGRES);
        for (int i = 0; i < 100; i++) {
            old.put("room " + i, YRedisSamples.v2());
        }
        DocumentStorage storage = openStorage(old);
        AtomicInteger stores = new AtomicInteger();

        Import once = new Import(
                failing(storage, () -> stores.incrementAndGet() % 2 == 1), (YRedisArchive) storage, true, 1, PAUSE);
        once.run(left -> left.name().endsWith("7"));
        assertThat(once.totals().imported()).isEqualTo(10);
        assertThat(stores).hasValue(20);

        Import never = new Import(failing(storage, () -> true), (YRedisArchive) storage, true, 1, PAUSE);
        assertThatThrownBy(() -> never.run(left -> true))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("20 documents in a row");
        assertThat(never.totals().left()).isBetween(20L, 22L);
        assertThat(left(storage)).hasSize(90);
    }

    @Test
    void unfitSettingsAndOptionsAreRefused() {
        Old old = open(Kind.POSTGRES);
        assertThat(run(old, "--concurrency", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--concurrency expects a number from 1 to 64");

        Map<String, String> without = new HashMap<>(old.settings());
        without.put("YREDIS_DOCUMENTS", "false");
        assertThat(run(without)).isEqualTo(2);
        assertThat(err.toString()).contains("YREDIS_DOCUMENTS is false");
        assertThat(run(Map.of())).isEqualTo(2);
        assertThat(err.toString()).contains("weft import: STORAGE is not set");
    }

    private static List<String> left(DocumentStorage storage) {
        List<String> names = new ArrayList<>();
        ((YRedisArchive) storage).forEach(left -> names.add(left.name()));
        return names;
    }

    /** The storage, whose stores fail when they are told to. */
    private static DocumentStorage failing(DocumentStorage storage, BooleanSupplier fails) {
        return (DocumentStorage) Proxy.newProxyInstance(
                DocumentStorage.class.getClassLoader(),
                new Class<?>[] {DocumentStorage.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("store") && fails.getAsBoolean()) {
                        throw new StorageException("not now");
                    }
                    try {
                        return method.invoke(storage, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private int run(Old old, String... arguments) {
        return run(old.settings(), arguments);
    }

    private int run(Map<String, String> settings, String... arguments) {
        return new CommandLine(new ImportMain(Settings.of(settings)))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private DocumentStorage openStorage(Old old) {
        DocumentStorage storage = DocumentStorages.open(Settings.of(old.settings()));
        opened.add(storage);
        return storage;
    }

    private Old open(Kind kind) {
        Old old = kind == Kind.POSTGRES ? new OldTable() : new OldBucket();
        opened.add(old);
        return old;
    }

    enum Kind {
        POSTGRES,
        S3
    }

    /** What y-redis has left. */
    private interface Old extends AutoCloseable {
        void put(String room, byte[] update);

        Map<String, String> settings();

        @Override
        void close() throws SQLException;
    }

    private static final class OldTable implements Old {
        private final String url = TestPostgres.shared().createDatabase();
        private final Connection connection;

        OldTable() {
            URI uri = URI.create(url);
            try {
                connection = DriverManager.getConnection(
                        "jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath(),
                        "postgres",
                        "postgres");
                try (Statement statement = connection.createStatement()) {
                    statement.execute("CREATE TABLE yredis_docs_v1 (room text, doc text, r SERIAL, update bytea,"
                            + " sv bytea, PRIMARY KEY (room, doc, r))");
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void put(String room, byte[] update) {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO yredis_docs_v1 (room, doc, update, sv) VALUES (?, 'index', ?, '')")) {
                insert.setString(1, room);
                insert.setBytes(2, update);
                insert.executeUpdate();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Map<String, String> settings() {
            return Map.of("POSTGRES", url);
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    private static final class OldBucket implements Old {
        private final Map<String, String> settings = TestS3.shared().settings();
        private final S3Client client = S3Client.builder()
                .httpClientBuilder(Apache5HttpClient.builder())
                .endpointOverride(URI.create("http://127.0.0.1:" + settings.get("S3_PORT")))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(settings.get("S3_ACCESS_KEY"), settings.get("S3_SECRET_KEY"))))
                .build();

        OldBucket() {
            client.createBucket(request -> request.bucket(settings.get("S3_BUCKET")));
        }

        /** y-redis encodes the room as it came in the address once more. */
        @Override
        public void put(String room, byte[] update) {
            String key = room.replace("%", "%25").replace(" ", "%20").replace("/", "%2F");
            client.putObject(
                    request -> request.bucket(settings.get("S3_BUCKET")).key(key + "/index/" + UUID.randomUUID()),
                    RequestBody.fromBytes(update));
        }

        @Override
        public Map<String, String> settings() {
            return settings;
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
