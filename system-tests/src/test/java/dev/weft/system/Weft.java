package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.settings.Settings;
import dev.weft.storage.DocumentId;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.DocumentStorages;
import dev.weft.storage.StoredVersion;
import dev.weft.testing.JavaProcess;
import dev.weft.testing.Ports;
import dev.weft.testing.TestPostgres;
import dev.weft.testing.TestRedis;
import dev.weft.yjs.Updates;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One installation of Weft: servers, workers and an auth example, each a process of the distribution, on one Redis and one storage. Its keys
 * in Redis have a prefix of their own. All processes belong to a {@link Processes}.
 */
final class Weft {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final int MOST_VERSIONS = 8;

    /** Whatever was new came to less than half of such a document, or it was written whole; with less than half it is below 64 KiB. */
    private static final long SMALL_DOCUMENT = 40 << 10;

    private static final Duration END_LIMIT = Duration.ofSeconds(40);
    private static final Pattern READY = Pattern.compile("\\bready\\b|listens on port");
    private static final Pattern KEY_LINE = Pattern.compile("^(AUTH_P\\w+_KEY)='?(\\{.*})'?$");

    private static final List<String> FAST = List.of(
            "-Xmx256m", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "--enable-native-access=ALL-UNNAMED");
    /** For short lives: quickly compiled, every leaked buffer reported. */
    private static final List<String> CAREFUL = Stream.concat(
                    FAST.stream(), Stream.of("-XX:TieredStopAtLevel=1", "-Dio.netty.leakDetection.level=paranoid"))
            .toList();

    private final Processes processes;
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> storage;
    private final RedisClient redis;
    private final String prefix = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI auth;
    private @Nullable DocumentStorage openStorage;
    private List<String> jvmArguments = CAREFUL;

    /** A server's process and where it listens. */
    record Server(JavaProcess process, int port) {
        String url() {
            return "ws://127.0.0.1:" + port;
        }
    }

    /** On the shared Redis and in a new database of the shared Postgres. */
    Weft(Processes processes) {
        this(
                processes,
                TestRedis.shared().url(),
                Map.of("POSTGRES", TestPostgres.shared().createDatabase()));
    }

    /** Makes keys and starts the auth example. */
    Weft(Processes processes, String redisUrl, Map<String, String> storage) {
        this.processes = processes;
        this.redis = processes.owned(RedisClient.create(redisUrl));
        this.storage = Map.copyOf(storage);
        this.folder = emptyFolder();
        int authPort = Ports.free();
        this.auth = URI.create("http://127.0.0.1:" + authPort);
        environment.putAll(storage);
        environment.putAll(keys());
        environment.put("REDIS", redisUrl);
        environment.put("REDIS_PREFIX", prefix);
        environment.put("AUTH_PORT", Integer.toString(authPort));
        environment.put("AUTH_PERM_CALLBACK", auth + "/auth/perm");
        environment.put("YDOC_UPDATE_CALLBACK", auth + "/ydoc");
        environment.put("HOST", "127.0.0.1");
        environment.put("REDIS_TASK_DEBOUNCE", "500");
        environment.put("REDIS_MIN_MESSAGE_LIFETIME", "1000");
        start("auth-example", "dev.weft.auth.AuthExampleMain", Map.of());
    }

    /** Sets a variable for processes that start from now on. */
    Weft with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Processes that start from now on run as in production: compiled to the utmost, and without looking for leaks. */
    Weft atFullSpeed() {
        jvmArguments = FAST;
        return this;
    }

    Server startServer() {
        return startServer(Ports.free());
    }

    Server startServer(int port) {
        JavaProcess process = start("server", "dev.weft.server.ServerMain", Map.of("PORT", Integer.toString(port)));
        return new Server(process, port);
    }

    JavaProcess startWorker() {
        return start("worker", "dev.weft.worker.WorkerMain", Map.of());
    }

    /** Runs a command for operators to its end. @return what it printed */
    String run(String mainClass, String... arguments) {
        JavaProcess process = processes.java(
                "tool", command(mainClass).withEnvironment(environment).withArguments(arguments));
        assertThat(process.exitCode(START_LIMIT)).as(process.output()).isZero();
        return process.output();
    }

    /**
     * A worker that stops at a step of its first compaction, see {@link #awaitBreakpoint}.
     *
     * @param release a file; the worker goes on when it exists
     */
    JavaProcess startWorkerThatStops(BreakpointStorage.Step step, Path release) {
        return start(
                "worker-that-stops",
                "dev.weft.worker.WorkerMain",
                Map.of(
                        "STORAGE",
                        BreakpointStorageProvider.NAME,
                        BreakpointStorageProvider.STEP,
                        step.name(),
                        BreakpointStorageProvider.RELEASE,
                        release.toString()));
    }

    void awaitBreakpoint(JavaProcess worker, BreakpointStorage.Step step) {
        MatchResult found =
                worker.awaitLine(Pattern.compile(Pattern.quote(BreakpointStorage.announcement(step))), START_LIMIT);
        assertThat(found.group()).isNotEmpty();
    }

    /** Asks processes to end, as an operator does, and expects that they do so cleanly. */
    static void stop(JavaProcess... running) {
        for (JavaProcess process : running) {
            process.sigterm();
        }
        for (JavaProcess process : running) {
            assertThat(process.exitCode(END_LIMIT))
                    .as("exit code after SIGTERM; output:\n%s", process.output())
                    .isIn(0, 143);
            assertThat(process.output()).as("Netty's leak reports").doesNotContain("LEAK:");
        }
    }

    String token(String user) {
        return get("/auth/token?userid=" + user);
    }

    /** A token whose user may read and not write. */
    String readerToken() {
        return get("/auth/token?mode=read");
    }

    /** What the auth example says about the last webhook for a room. */
    String lastWebhook(String room) {
        return get("/ydoc/" + room);
    }

    /** A stock client's way in, with a fresh token as query parameter. */
    Dial dial(Server server, String room) {
        return Dial.to(server.url(), room).token(token("user-" + UUID.randomUUID()));
    }

    /** The live versions of a room's document in storage. */
    List<StoredVersion> stored(String room) {
        return storage().load(DocumentId.ofRoom(room));
    }

    /** Stores a version of a room's document, beside those that are there. */
    void store(String room, byte[] update) {
        storage().store(DocumentId.ofRoom(room), update, Updates.stateVector(update));
    }

    private DocumentStorage storage() {
        DocumentStorage opened = openStorage;
        if (opened == null) {
            opened = processes.owned(DocumentStorages.open(Settings.of(storage)));
            openStorage = opened;
        }
        return opened;
    }

    /** A metric of a server, or the sum over its tags. */
    double metric(Server server, String name) {
        URI metrics = URI.create("http://127.0.0.1:" + server.port() + "/metrics");
        return get(metrics)
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /**
     * Fails unless the versions of a room are what its compaction promises: one if the document is small, and otherwise few,
     * the largest of which is at least twice the others together (VersionPolicy of the worker).
     */
    void assertStoredTidily(String room) {
        List<StoredVersion> versions = stored(room);
        long[] sizes = versions.stream()
                .mapToLong(version -> version.update().length)
                .sorted()
                .toArray();
        long sum = LongStream.of(sizes).sum();
        assertThat(sizes).as("versions of %s", room).hasSizeBetween(1, sum <= SMALL_DOCUMENT ? 1 : MOST_VERSIONS);
        long largest = sizes[sizes.length - 1];
        assertThat(sum - largest)
                .as("parts of %s, sizes %s", room, Arrays.toString(sizes))
                .isLessThanOrEqualTo(largest / 2);
    }

    /** Entries in a room's stream; 0 if there is no stream. The name is one that needs no escaping. */
    long streamLength(String room) {
        return redis(connection -> connection.sync().xlen(prefix + ":room:" + room + ":index"));
    }

    /** All that this installation has in Redis, apart from the work queue, which stays. */
    List<String> keys(String pattern) {
        return redis(connection -> connection.sync().keys(prefix + ":" + pattern));
    }

    private <T> T redis(Function<StatefulRedisConnection<String, String>, T> question) {
        try (StatefulRedisConnection<String, String> connection = redis.connect()) {
            return question.apply(connection);
        }
    }

    private JavaProcess start(String name, String mainClass, Map<String, String> extra) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(extra);
        JavaProcess process = processes.java(name, command(mainClass).withEnvironment(all));
        MatchResult ready = process.awaitLine(READY, START_LIMIT);
        assertThat(ready.group()).isNotEmpty();
        return process;
    }

    private JavaProcess.Command command(String mainClass) {
        List<Path> classPath = new ArrayList<>(Checkout.distribution());
        classPath.add(Checkout.TARGET.resolve("test-classes"));
        return JavaProcess.Command.of(mainClass)
                .withClassPath(classPath)
                .withFolder(folder)
                .withJvmArguments(jvmArguments.toArray(String[]::new));
    }

    private Map<String, String> keys() {
        JavaProcess process = processes.java("keys", command("dev.weft.auth.KeysMain"));
        assertThat(process.exitCode(START_LIMIT)).as(process.output()).isZero();
        Map<String, String> keys = new HashMap<>();
        process.output().lines().map(KEY_LINE::matcher).forEach(matcher -> {
            if (matcher.matches()) {
                keys.put(matcher.group(1), matcher.group(2));
            }
        });
        assertThat(keys).as(process.output()).containsOnlyKeys("AUTH_PUBLIC_KEY", "AUTH_PRIVATE_KEY");
        return keys;
    }

    private String get(String path) {
        return get(auth.resolve(path));
    }

    private String get(URI address) {
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(address).timeout(END_LIMIT).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Path emptyFolder() {
        try {
            return Files.createDirectories(Checkout.TARGET.resolve("empty"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
