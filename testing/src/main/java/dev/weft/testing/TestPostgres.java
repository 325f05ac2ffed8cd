package dev.weft.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A Postgres on this machine. {@link #shared} is one for all tests of this JVM, each of which asks for a database of its own; {@link
 * #start} makes one that keeps its data between runs and may be stopped and restarted on the same port.
 *
 * <p>May be used by several threads. What was not closed is stopped when the JVM ends.
 */
public final class TestPostgres implements AutoCloseable {
    private static final String USER = "postgres";
    private static final String PASSWORD = "postgres";
    private static final String DATABASE = "postgres";

    private final String host;
    private final int port;
    private final @Nullable Own own;

    private TestPostgres(String host, int port, @Nullable Own own) {
        this.host = host;
        this.port = port;
        this.own = own;
    }

    /** The Postgres of this JVM: embedded, or in a container if the system property {@code weft.test.services} says so. */
    public static TestPostgres shared() {
        return Shared.INSTANCE;
    }

    /** A Postgres of one's own, always embedded, whose data lie in the folder {@code data} before, during and after. */
    public static TestPostgres start(Path data) {
        Own own = new Own(Ports.free(), data);
        own.start();
        return new TestPostgres("127.0.0.1", own.port, own);
    }

    /** Its first database, as the setting {@code POSTGRES} takes it: {@code postgres://user:password@host:port/database}. */
    public String url() {
        return url(DATABASE);
    }

    /** Makes an empty database and returns its address, in the form of {@link #url()}. */
    public String createDatabase() {
        String name = "test_" + UUID.randomUUID().toString().replace('-', '_');
        String jdbc = "jdbc:postgresql://" + host + ":" + port + "/" + DATABASE;
        try (Connection connection = DriverManager.getConnection(jdbc, USER, PASSWORD);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("no database could be made", e);
        }
        return url(name);
    }

    public int port() {
        return port;
    }

    /** Stops it and waits for its end. */
    public void stop() {
        own().stop();
    }

    /** Kills all its processes with SIGKILL, as the end of its machine would. */
    public void kill() {
        own().kill();
    }

    /** How many rows a table of its first database has. */
    public long count(String table) {
        String jdbc = "jdbc:postgresql://" + host + ":" + port + "/" + DATABASE;
        try (Connection connection = DriverManager.getConnection(jdbc, USER, PASSWORD);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException("rows could not be counted", e);
        }
    }

    /** Starts it again, on the same port and data, after {@link #stop} or {@link #kill}. */
    public void restart() {
        own().start();
    }

    /** Stops it; does nothing to the shared one. */
    @Override
    public void close() {
        if (own != null) {
            own.stop();
        }
    }

    private String url(String database) {
        return "postgres://" + USER + ":" + PASSWORD + "@" + host + ":" + port + "/" + database;
    }

    private Own own() {
        if (own == null) {
            throw new IllegalStateException("this Postgres is shared by all tests; start one of your own");
        }
        return own;
    }

    /** The state of a Postgres that belongs to one test. */
    private static final class Own {
        private final int port;
        private final Path data;
        // Null while stopped. Guarded by this.
        private @Nullable EmbeddedPostgres postgres;

        Own(int port, Path data) {
            this.port = port;
            this.data = data;
        }

        synchronized void start() {
            if (postgres != null) {
                throw new IllegalStateException("Postgres runs");
            }
            try {
                // The library turns durability off, which would make a test of what survives worthless.
                postgres = EmbeddedPostgres.builder()
                        .setPort(port)
                        .setDataDirectory(data)
                        .setCleanDataDirectory(false)
                        .setServerConfig("fsync", "on")
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("full_page_writes", "on")
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        synchronized void kill() {
            try {
                String first =
                        Files.readAllLines(data.resolve("postmaster.pid")).getFirst();
                ProcessHandle postmaster =
                        ProcessHandle.of(Long.parseLong(first.strip())).orElseThrow();
                List<ProcessHandle> all = Stream.concat(Stream.of(postmaster), postmaster.descendants())
                        .toList();
                all.forEach(ProcessHandle::destroyForcibly);
                all.forEach(process -> process.onExit().join());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            // What is left is the library's lock on the folder.
            stop();
        }

        synchronized void stop() {
            if (postgres == null) {
                return;
            }
            try {
                postgres.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                postgres = null;
            }
        }
    }

    private static final class Shared {
        static final TestPostgres INSTANCE = TestServices.inContainers() ? container() : embedded();

        @SuppressWarnings("resource") // Lives as long as the JVM; the library stops it then.
        private static TestPostgres embedded() {
            try {
                return new TestPostgres(
                        "127.0.0.1", EmbeddedPostgres.builder().start().getPort(), null);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @SuppressWarnings("resource") // Lives as long as the JVM; Testcontainers removes it then, or the hook does.
        private static TestPostgres container() {
            DockerImageName image =
                    DockerImageName.parse(TestServices.postgresImage()).asCompatibleSubstituteFor("postgres");
            PostgreSQLContainer container = new PostgreSQLContainer(image)
                    .withUsername(USER)
                    .withPassword(PASSWORD)
                    .withDatabaseName(DATABASE);
            container.start();
            Runtime.getRuntime().addShutdownHook(new Thread(container::stop, "stop the Postgres container"));
            return new TestPostgres(
                    container.getHost(), container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT), null);
        }
    }
}
