package dev.weft.chaos;

import dev.weft.settings.Settings;
import dev.weft.storage.DocumentId;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.DocumentStorages;
import dev.weft.storage.StoredVersion;
import dev.weft.testing.JavaProcess;
import dev.weft.testing.Ports;
import dev.weft.testing.RedisRelay;
import dev.weft.testing.TestRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Two servers and two workers, each a process, on a Redis that forces every command to disk and on a storage, both behind relays. */
final class Installation implements AutoCloseable {
    private static final String PREFIX = "chaos";
    private static final String QUEUE = PREFIX + ":worker";
    private static final String[] JVM = {
        "-Xmx128m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseCompactObjectHeaders",
        "--enable-native-access=ALL-UNNAMED"
    };

    /** Tasks are due, and leases end, after this long. */
    static final Duration DEBOUNCE = Duration.ofMillis(300);

    private static final Duration LIFETIME = Duration.ofMillis(600);
    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(1);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Backend backend;
    private final TestRedis redis;
    private final RedisClient redisClient;
    private final AtomicBoolean redisTroubled = new AtomicBoolean();
    private final TrimFaults trims = new TrimFaults();
    private final RedisRelay redisRelay;
    private final StorageService storage;
    private final Path folder;
    private final Path orders;
    private final List<Member> servers = new ArrayList<>();
    private final List<Member> workers = new ArrayList<>();
    private final List<Integer> ports = List.of(Ports.free(), Ports.free());

    /** Starts all of it, in {@code options.folder()}. */
    Installation(ChaosOptions options) throws IOException {
        folder = options.folder();
        Path logs = Files.createDirectories(folder.resolve("logs"));
        orders = folder.resolve("orders");
        backend = opening(new Backend());
        redis = opening(
                TestRedis.start(TestRedis.Options.appendOnly(Files.createDirectories(folder.resolve("redis")))));
        redisClient = RedisClient.create(RedisURI.create(redis.url()));
        opening(redisClient::shutdown);
        redisRelay = opening(RedisRelay.to(redis.port(), trims));
        storage = opening(
                switch (options.storage()) {
                    case POSTGRES -> new StorageService.Postgres(folder);
                    case S3 -> new StorageService.S3(folder, logs);
                });
        for (int i = 0; i < 2; i++) {
            servers.add(opening(new Member(
                    "server-" + i,
                    command("dev.weft.server.ServerMain", Map.of("PORT", Integer.toString(ports.get(i))), folder),
                    Pattern.compile("\\bready\\b|listens on port"),
                    logs)));
            workers.add(opening(new Member(
                    "worker-" + i,
                    command("dev.weft.worker.WorkerMain", Map.of(), folder),
                    Pattern.compile("\\bready\\b"),
                    logs)));
        }
        servers.forEach(Member::start);
        workers.forEach(Member::start);
    }

    private JavaProcess.Command command(String main, Map<String, String> extra, Path folder) {
        Map<String, String> environment = new HashMap<>(storage.settings());
        environment.put("REDIS", redisRelay.url());
        environment.put("REDIS_PREFIX", PREFIX);
        environment.put("REDIS_TASK_DEBOUNCE", Long.toString(DEBOUNCE.toMillis()));
        environment.put("REDIS_MIN_MESSAGE_LIFETIME", Long.toString(LIFETIME.toMillis()));
        environment.put("REDIS_TIMEOUT", "2000");
        environment.put("STORAGE", FailingStorageProvider.NAME);
        environment.put(FailingStorageProvider.STORAGE, storage.provider());
        environment.put(FailingStorageProvider.ORDERS, orders.toString());
        environment.put("HOST", "127.0.0.1");
        environment.put("AUTH_PUBLIC_KEY", backend.publicKey());
        environment.put("AUTH_PERM_CALLBACK", backend.permissionCallback());
        environment.put("CLOSE_SPREAD", "200");
        environment.put("CLOSE_DELAY", "200");
        environment.putAll(extra);
        return JavaProcess.Command.of(main)
                .withJvmArguments(JVM)
                .withEnvironment(environment)
                .withFolder(folder);
    }

    /** An address of a room, on one of the servers. */
    URI door(String room) {
        int port = ports.get(ThreadLocalRandom.current().nextInt(ports.size()));
        return URI.create("ws://127.0.0.1:" + port + "/" + room + "?yauth=" + backend.token());
    }

    /** Lets a fault happen and mends it. Blocks for as long as it lasts; false if it met another one. */
    boolean suffer(Fault fault) {
        Duration lasts = fault.lasts();
        return switch (fault.kind()) {
            case KILL_SERVER -> servers.get(fault.which()).kill(lasts);
            case KILL_WORKER -> workers.get(fault.which()).kill(lasts);
            case KILL_REDIS -> killRedis(lasts);
            case KILL_STORAGE -> storage.kill(lasts);
            case PAUSE_SERVER -> servers.get(fault.which()).pause(lasts);
            case PAUSE_WORKER -> workers.get(fault.which()).pause(lasts.plus(DEBOUNCE.multipliedBy(2)));
            case CUT_REDIS -> {
                redisRelay.cut();
                yield true;
            }
            case CUT_STORAGE -> {
                storage.relay().cut();
                yield true;
            }
            case SLOW_STORAGE -> weather(StorageRelay.Weather.SLOW, lasts);
            case STALL_STORAGE -> weather(StorageRelay.Weather.STILL, lasts);
            case FULL_STORAGE ->
                storage instanceof StorageService.S3
                        ? weather(StorageRelay.Weather.FULL, lasts)
                        : order("store before", lasts);
            case FAIL_LOAD -> order("load before", lasts);
            case FAIL_STORE -> order("store before", lasts);
            case STORE_AND_FAIL -> order("store after", lasts);
            case FAIL_DISCARD -> order("discard before", lasts);
            case DISCARD_AND_FAIL -> order("discard after", lasts);
            case LOSE_TRIM -> trims(RedisRelay.Verdict.CUT_BEFORE, lasts);
            case LOSE_TRIM_ANSWER -> trims(RedisRelay.Verdict.CUT_AFTER, lasts);
        };
    }

    /** What is left in Redis besides presence, which expires by itself. */
    List<String> leftInRedis() {
        return askingRedis(commands -> {
            List<String> left = new ArrayList<>();
            for (String key : commands.keys("*")) {
                if (key.equals(QUEUE)) {
                    if (commands.xlen(key) > 0) {
                        left.add(key + " with " + commands.xlen(key) + " tasks");
                    }
                } else if (commands.pttl(key) == -1) {
                    left.add(key);
                }
            }
            return left;
        });
    }

    /**
     * Queues rooms that workers set aside, as an operator does once storage works again: faults of storage that meet one room more often than
     * others look like the room's own. Nothing of them was trimmed.
     *
     * @return how many there were
     */
    long retryQuarantined() {
        long rooms = askingRedis(commands -> commands.hlen(PREFIX + ":quarantine"));
        if (rooms > 0) {
            try (JavaProcess retry = JavaProcess.start(
                    command("dev.weft.worker.QuarantineMain", Map.of(), folder).withArguments("retry", "--all"))) {
                if (retry.exitCode(COMMAND_LIMIT) != 0) {
                    throw new StuckException("rooms stay in quarantine: " + retry.output());
                }
            }
        }
        return rooms;
    }

    /** The versions of a room's document, not by way of the relay's faults. */
    List<StoredVersion> stored(String room) {
        Map<String, String> settings = new HashMap<>(storage.settings());
        settings.put("STORAGE", storage.provider());
        try (DocumentStorage open = DocumentStorages.open(Settings.of(settings))) {
            return open.load(DocumentId.ofRoom(room));
        }
    }

    /** How many versions lie in storage, whether or not any document knows them. */
    long versions() throws Exception {
        return storage.versions();
    }

    /** What of the faults had an effect that only relays see. */
    String effects() {
        return trims.lost() + " trims or their answers lost, " + storage.relay().refused()
                + " objects refused with 507";
    }

    /** Writes down what Redis has. */
    void dumpRedis(Path file) throws IOException {
        List<String> lines = askingRedis(commands -> {
            List<String> all = new ArrayList<>();
            for (String key : commands.keys("*")) {
                String type = commands.type(key);
                all.add(key + " " + type);
                if (type.equals("stream")) {
                    commands.xrange(key, io.lettuce.core.Range.unbounded())
                            .forEach(entry -> all.add(
                                    "  " + entry.getId() + " " + entry.getBody().getOrDefault("compact", "")));
                }
            }
            return all;
        });
        Files.write(file, lines);
    }

    @Override
    public void close() {
        opened.forEach(one -> {
            try {
                one.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private boolean killRedis(Duration down) {
        if (!redisTroubled.compareAndSet(false, true)) {
            return false;
        }
        try {
            redis.kill();
            Member.sleep(down);
            redis.restart();
            return true;
        } finally {
            redisTroubled.set(false);
        }
    }

    private boolean weather(StorageRelay.Weather weather, Duration lasts) {
        storage.relay().weather(weather);
        Member.sleep(lasts);
        storage.relay().weather(StorageRelay.Weather.FAIR);
        return true;
    }

    private boolean trims(RedisRelay.Verdict verdict, Duration lasts) {
        trims.trims(verdict);
        Member.sleep(lasts);
        trims.trims(RedisRelay.Verdict.PASS);
        return true;
    }

    private boolean order(String order, Duration lasts) {
        try {
            Path draft = Files.writeString(orders.resolveSibling("orders." + order.replace(' ', '-')), order);
            Files.move(draft, orders, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Member.sleep(lasts);
            Files.deleteIfExists(orders);
            return true;
        } catch (IOException e) {
            throw new StuckException("orders cannot be written: " + e.getMessage());
        }
    }

    private <T> T askingRedis(Function<RedisCommands<String, String>, T> question) {
        try (StatefulRedisConnection<String, String> connection = redisClient.connect()) {
            return question.apply(connection.sync());
        }
    }

    private <T extends AutoCloseable> T opening(T closeable) {
        opened.push(closeable);
        return closeable;
    }
}
