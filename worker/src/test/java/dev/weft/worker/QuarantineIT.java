package dev.weft.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.room.RoomName;
import dev.weft.room.RoomSettings;
import dev.weft.room.Rooms;
import dev.weft.room.SampleUpdates;
import dev.weft.room.SetAside;
import dev.weft.settings.Settings;
import dev.weft.storage.StorageException;
import dev.weft.testing.TestRedis;
import dev.weft.yjs.Contents;
import io.lettuce.core.Consumer;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.XClaimArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class QuarantineIT {
    private static final RoomName ROOM = new RoomName("a room");
    private static final RoomName OTHER = new RoomName("other");
    private static final byte[] MALFORMED = {0, 2, 1, 9};

    private final String prefix = "quarantine-" + UUID.randomUUID();
    private final String stream = prefix + ":room:a%20room:index";
    private final RoomSettings settings = new RoomSettings(
            RedisURI.create(TestRedis.shared().url()), prefix, Duration.ofMillis(300), Duration.ofMillis(100));
    private final FaultyStorage storage = new FaultyStorage();
    private RedisClient client;
    private RedisCommands<String, byte[]> redis;
    private Rooms rooms;
    private WeftWorker worker;

    @TempDir
    private Path folder;

    @BeforeEach
    void connect() {
        client = RedisClient.create(TestRedis.shared().url());
        redis = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))
                .sync();
        rooms = Rooms.connect(settings);
        worker = start();
    }

    @AfterEach
    void close() {
        worker.close();
        rooms.close();
        client.shutdown(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void roomWithAMalformedEntryIsSetAsideAndOthersGoOn() {
        byte[] good = append(ROOM, 1, 0);
        redis.xadd(stream, Map.of("m", MALFORMED));
        append(OTHER, 1, 0);
        await().until(() -> rooms.quarantine().size() == 1);
        SetAside aside = rooms.quarantine().find(ROOM).orElseThrow();
        assertThat(aside.attempts()).isEqualTo(3);
        assertThat(aside.reason()).contains("is malformed");
        // Its task is gone, and it gets none, neither by an edit nor by a search for rooms without one.
        byte[] later = append(ROOM, 1, 1);
        assertThat(rooms.workQueue("search").adoptOrphans()).isZero();
        await().until(() -> redis.exists(prefix + ":room:other:index") == 0);
        assertThat(redis.xlen(prefix + ":worker")).isZero();
        assertThat(redis.xlen(stream)).isEqualTo(3);
        assertThat(storage.peek(ROOM.document())).isEmpty();
        // Who joins gets all that can be read.
        Contents joined = Contents.of(rooms.assemble(ROOM, storage).update());
        assertThat(joined.covers(good)).isTrue();
        assertThat(joined.covers(later)).isTrue();
    }

    @Test
    void storageThatIsAwayForAllSetsNoRoomAside() {
        AtomicInteger tries = new AtomicInteger();
        storage.at((document, name) -> {
            if (name.equals("before store")) {
                tries.incrementAndGet();
                throw new StorageException("played");
            }
        });
        append(ROOM, 1, 0);
        append(OTHER, 1, 0);
        await().atMost(Duration.ofSeconds(20)).until(() -> tries.get() >= 10);
        assertThat(rooms.quarantine().size()).isZero();
        storage.at((document, name) -> {});
        await().atMost(Duration.ofSeconds(20))
                .until(() -> redis.keys(prefix + ":room:*").isEmpty());
    }

    @Test
    void storageThatFailsForOneRoomAloneSetsItAside() {
        storage.at((document, name) -> {
            if (document.equals(ROOM.document()) && name.equals("before store")) {
                throw new StorageException("played");
            }
        });
        append(ROOM, 1, 0);
        AtomicInteger clock = new AtomicInteger();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            append(OTHER, 1, clock.getAndIncrement());
            return rooms.quarantine().size() == 1;
        });
        assertThat(rooms.quarantine().find(ROOM)).isPresent();
        storage.at((document, name) -> {});
        assertThat(run("retry", "a room")).isEqualTo("room 'a room' is in the queue again\n");
        await().until(() -> redis.exists(stream) == 0);
        assertThat(storage.peek(ROOM.document())).hasSize(1);
    }

    @Test
    @SuppressWarnings("unchecked") // Lettuce's varargs
    void taskThatNoWorkerLivesToEndIsSetAside() {
        worker.close();
        append(ROOM, 1, 0);
        String queue = prefix + ":worker";
        String id = redis.xrange(queue, Range.unbounded()).get(0).getId();
        // Delivered as often as if so many workers had died of it.
        redis.xgroupDestroy(queue, queue);
        redis.xgroupCreate(StreamOffset.from(queue, "0"), queue);
        redis.xreadgroup(Consumer.from(queue, "dead"), StreamOffset.lastConsumed(queue));
        redis.xclaim(
                queue,
                Consumer.from(queue, "dead"),
                new XClaimArgs().minIdleTime(0).retryCount(20).force(),
                id);
        worker = start();
        await().until(() -> rooms.quarantine().size() == 1);
        assertThat(rooms.quarantine().find(ROOM).orElseThrow().reason()).contains("never ended");
        assertThat(redis.xlen(stream)).isEqualTo(1);
        assertThat(storage.peek(ROOM.document())).isEmpty();
    }

    @Test
    void commandsShowExportAndReleaseARoom() throws IOException {
        byte[] good = append(ROOM, 1, 0);
        String bad = redis.xadd(stream, Map.of("m", MALFORMED));
        await().until(() -> rooms.quarantine().size() == 1);
        assertThat(run("list")).contains("3 attempts  a room").contains("is malformed");

        Path all = folder.resolve("all.jsonl");
        assertThat(run("export", "a room", "--to", all.toString())).startsWith("2 entries");
        assertThat(Files.readAllLines(all)).hasSize(2);
        assertThat(run("export", "a room", "--to", all.toString())).contains("there is a file");
        assertThat(redis.xlen(stream)).isEqualTo(2);

        Path dropped = folder.resolve("dropped.jsonl");
        assertThat(run("release", "a room", "--to", dropped.toString())).startsWith("1 malformed entries");
        assertThat(Files.readAllLines(dropped))
                .singleElement()
                .asString()
                .contains("\"id\":\"" + bad + "\"")
                .contains("\"message\":\"AAIBCQ==\"")
                .contains("\"fault\":");
        await().until(() -> redis.exists(stream) == 0);
        assertThat(Contents.of(storage.peek(ROOM.document()).getFirst().update())
                        .covers(good))
                .isTrue();
        assertThat(run("list")).isEqualTo("no room is in quarantine\n");
        assertThat(run("retry", "a room")).isEqualTo("weft quarantine: room 'a room' is not in quarantine\n");
        assertThat(run("retry")).contains("name a room, or say --all");
        assertThat(run("retry", "--all")).isEqualTo("0 rooms are in the queue again\n");
    }

    @Test
    void roomThatIsErasedLeavesTheQuarantine() {
        append(ROOM, 1, 0);
        redis.xadd(stream, Map.of("m", MALFORMED));
        await().until(() -> rooms.quarantine().size() == 1);
        rooms.erase(ROOM);
        assertThat(rooms.quarantine().size()).isZero();
    }

    @Test
    void commandsTellThatARoomHasAName() {
        assertThat(run("show", "")).contains("at least one character").doesNotContain("\tat ");
    }

    private WeftWorker start() {
        WorkerSettings options = new WorkerSettings(
                3,
                64 << 20,
                GarbagePolicy.EVERYWHERE,
                new VersionPolicy(Duration.ofDays(1)),
                3,
                Optional.empty(),
                OptionalInt.empty(),
                Duration.ofSeconds(5));
        return WeftWorker.start(settings, options, () -> storage);
    }

    private String run(String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine command = QuarantineMain.commandLine(
                () -> Settings.of(Map.of("REDIS", TestRedis.shared().url(), "REDIS_PREFIX", prefix)));
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(out)).execute(arguments);
        return out.toString();
    }

    private byte[] append(RoomName room, long clientId, int clock) {
        byte[] update = SampleUpdates.typed(clientId, clock, "x");
        rooms.append(room, update)
                .toCompletableFuture()
                .orTimeout(5, TimeUnit.SECONDS)
                .join();
        return update;
    }
}
