package dev.weft.worker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.weft.room.EntryId;
import dev.weft.room.RoomName;
import dev.weft.room.RoomSettings;
import dev.weft.room.Rooms;
import dev.weft.room.SampleUpdates;
import dev.weft.room.WorkQueue;
import dev.weft.settings.InvalidSettingException;
import dev.weft.settings.Settings;
import dev.weft.storage.StorageException;
import dev.weft.storage.StoredVersion;
import dev.weft.testing.TestRedis;
import dev.weft.yjs.AwarenessState;
import dev.weft.yjs.Contents;
import dev.weft.yjs.Updates;
import dev.weft.yjs.UpdatesV2;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WeftWorkerIT {
    private static final RoomName ROOM = new RoomName("a room");

    private final String prefix = "worker-" + UUID.randomUUID();
    private final String stream = prefix + ":room:a%20room:index";
    private final RoomSettings settings = new RoomSettings(
            RedisURI.create(TestRedis.shared().url()), prefix, Duration.ofMillis(500), Duration.ofMillis(200));
    private final FaultyStorage storage = new FaultyStorage();
    private final List<WeftWorker> workers = new ArrayList<>();
    private RedisClient client;
    private RedisCommands<String, byte[]> redis;
    private Rooms rooms;

    @BeforeEach
    void connect() {
        client = RedisClient.create(TestRedis.shared().url());
        redis = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))
                .sync();
        rooms = Rooms.connect(settings);
    }

    @AfterEach
    void close() {
        workers.forEach(WeftWorker::close);
        rooms.close();
        client.shutdown(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void editsAreStoredAsOneVersionAndRedisForgetsTheRoom() {
        start();
        List<byte[]> updates = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            updates.add(append(ROOM, 1, i, "x"));
        }
        await().untilAsserted(() -> assertThat(redis.keys(prefix + ":room:*")).isEmpty());
        assertThat(storage.peek(ROOM.document()))
                .singleElement()
                .satisfies(version -> assertThat(version.update()).isEqualTo(Updates.compact(updates)));
        assertThat(redis.xlen(prefix + ":worker")).isZero();
        updates.add(append(ROOM, 1, 50, "y"));
        await().untilAsserted(() -> assertThat(redis.keys(prefix + ":room:*")).isEmpty());
        assertThat(storage.peek(ROOM.document()))
                .singleElement()
                .satisfies(version -> assertThat(version.update()).isEqualTo(Updates.compact(updates)));
    }

    @Test
    void documentThatIsStoredAlreadyIsNotStoredAgain() {
        AtomicInteger stores = new AtomicInteger();
        storage.at((document, name) -> {
            if (name.equals("after store")) {
                stores.incrementAndGet();
            }
        });
        start();
        append(ROOM, 1, 0, "x");
        await().until(() -> redis.keys(prefix + ":room:*").isEmpty());
        assertThat(stores).hasValue(1);
        append(ROOM, 1, 0, "x");
        await().until(() -> redis.keys(prefix + ":room:*").isEmpty());
        assertThat(stores).hasValue(1);
    }

    @Test
    void whatWasDeletedIsDroppedUnlessTheRoomKeepsItsHistory() {
        RoomName kept = new RoomName("minutes/7");
        start(worker(GarbagePolicy.from(Settings.of(Map.of("YDOC_GC_EXCEPT", "minutes/*")))));
        byte[] deletion = HexFormat.of().parseHex("00" + "01" + "0101" + "0009"); // the first nine units
        for (RoomName room : List.of(ROOM, kept)) {
            append(room, 1, 0, "a secret that was deleted");
            append(room, deletion);
        }
        await().until(() -> redis.keys(prefix + ":room:*").isEmpty());
        assertThat(storedText(ROOM)).doesNotContain("secret").contains("that was deleted");
        assertThat(storedText(kept)).contains("a secret that was deleted");
        assertThat(stored(ROOM).covers(deletion)).isTrue();
    }

    @Test
    void editBehindAGapIsStored() {
        start();
        byte[] later = append(ROOM, 1, 5, "later");
        await().until(() -> redis.keys(prefix + ":room:*").isEmpty());
        assertThat(stored(ROOM).covers(later)).isTrue();
        byte[] missing = append(ROOM, 1, 0, "xxxxx");
        await().until(() -> redis.keys(prefix + ":room:*").isEmpty());
        assertThat(stored(ROOM).covers(later)).isTrue();
        assertThat(stored(ROOM).covers(missing)).isTrue();
        assertThat(stored(ROOM).stateVector().clock(1)).isEqualTo(10);
    }

    @Test
    void storageThatFailsKeepsItsRoomInRedisAndLeavesOthersAlone() {
        RoomName other = new RoomName("other");
        AtomicInteger tries = new AtomicInteger();
        AtomicBoolean failing = new AtomicBoolean(true);
        storage.at((document, name) -> {
            if (document.equals(ROOM.document()) && name.equals("before store") && failing.get()) {
                tries.incrementAndGet();
                throw new StorageException("played");
            }
        });
        start();
        byte[] update = append(ROOM, 1, 0, "x");
        append(other, 1, 0, "y");
        await().until(() -> !storage.peek(other.document()).isEmpty());
        await().untilAsserted(() -> assertThat(tries).hasValueGreaterThan(2));
        assertThat(redis.xlen(stream)).isEqualTo(1);
        failing.set(false);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> redis.keys(prefix + ":room:*").isEmpty());
        assertThat(stored(ROOM).covers(update)).isTrue();
    }

    @Test
    void largeDocumentIsNotReadForAnEditInIt() {
        byte[] document = SampleUpdates.typed(7, 0, "x".repeat(200_000));
        storage.store(ROOM.document(), document, Updates.stateVector(document));
        AtomicInteger loads = new AtomicInteger();
        storage.at((of, name) -> {
            if (name.equals("before load")) {
                loads.incrementAndGet();
            }
        });
        start();
        byte[] update = append(ROOM, 1, 0, "x");
        await().until(() -> redis.keys(prefix + ":room:*").isEmpty());
        assertThat(loads).hasValue(0);
        assertThat(storage.peek(ROOM.document()))
                .extracting(StoredVersion::update)
                .containsExactlyInAnyOrder(document, update);
    }

    @Test
    void largeDocumentIsLeftAloneForAWhileWhileSomebodyWrites() {
        byte[] document = SampleUpdates.typed(7, 0, "x".repeat(200_000));
        storage.store(ROOM.document(), document, Updates.stateVector(document));
        AtomicInteger stores = new AtomicInteger();
        storage.at((of, name) -> stores.addAndGet(name.equals("after store") ? 1 : 0));
        RoomSettings patient =
                new RoomSettings(settings.redis(), prefix, Duration.ofSeconds(4), Duration.ofMillis(500));
        workers.add(WeftWorker.start(patient, worker(), () -> storage));
        List<byte[]> updates = new ArrayList<>();
        long begun = System.nanoTime();
        await().pollInterval(Duration.ofMillis(50)).until(() -> {
            updates.add(append(ROOM, 1, updates.size(), "x"));
            return stores.get() > 0;
        });
        // Half of the lifetime, where an idle document, or a small one, is stored after one debounce.
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(1950));
        await().until(() -> redis.keys(prefix + ":room:*").isEmpty());
        updates.forEach(update -> assertThat(stored(ROOM).covers(update)).isTrue());
    }

    @Test
    void documentThatWasErasedIsNotStoredAndItsEntriesLeaveRedis() {
        storage.erase(ROOM.document());
        append(ROOM, 1, 0, "x");
        start();
        await().until(() -> redis.keys(prefix + ":room:*").isEmpty());
        assertThat(storage.peek(ROOM.document())).isEmpty();
        assertThat(redis.xlen(prefix + ":worker")).isZero();
    }

    @Test
    void roomWithOnlyPresenceWakesNoWorkerAndNeverReachesStorage() {
        AtomicInteger asked = new AtomicInteger();
        storage.at((document, name) -> {
            if (document.equals(ROOM.document())) {
                asked.incrementAndGet();
            }
        });
        start();
        rooms.publishAwareness(ROOM, List.of(new AwarenessState(1, 1, "{}".getBytes(ISO_8859_1))))
                .toCompletableFuture()
                .orTimeout(5, TimeUnit.SECONDS)
                .join();
        // Another room goes through its whole life meanwhile.
        append(new RoomName("other"), 1, 0, "y");
        await().until(() -> redis.keys(prefix + ":room:*").isEmpty());
        assertThat(asked).hasValue(0);
        assertThat(redis.xlen(prefix + ":worker")).isZero();
        assertThat(redis.keys(prefix + ":*"))
                .containsExactlyInAnyOrder(prefix + ":worker", prefix + ":presence:a%20room:index");
    }

    @Test
    void tasksOfADeadWorkerAreTakenOver() {
        byte[] update = append(ROOM, 1, 0, "x");
        try (WorkQueue dead = rooms.workQueue("dead")) {
            List<EntryId> taken = dead.take(10, Duration.ofSeconds(1));
            assertThat(taken).hasSize(1);
            await().until(() -> !dead.claim(taken).isEmpty());
        }
        start();
        await().until(() -> redis.keys(prefix + ":room:*").isEmpty());
        assertThat(stored(ROOM).covers(update)).isTrue();
    }

    @Test
    void slowCompactionIsNotRunTwice() throws InterruptedException {
        CountDownLatch open = new CountDownLatch(1);
        AtomicInteger stores = new AtomicInteger();
        storage.at((document, name) -> {
            if (name.equals("before store")) {
                stores.incrementAndGet();
                try {
                    open.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        // Leases that a busy machine does not lose.
        RoomSettings patient =
                new RoomSettings(settings.redis(), prefix, settings.minMessageLifetime(), Duration.ofSeconds(1));
        workers.add(WeftWorker.start(patient, worker(), () -> storage));
        workers.add(WeftWorker.start(patient, worker(), () -> storage));
        append(ROOM, 1, 0, "x");
        await().until(() -> stores.get() == 1);
        // For many debounces, both workers look for overdue tasks: another room goes through its life meanwhile.
        append(new RoomName("other"), 1, 0, "y");
        await().until(() -> stores.get() >= 2);
        await().during(Duration.ofSeconds(4)).until(() -> stores.get() == 2);
        open.countDown();
        await().until(() -> redis.keys(prefix + ":room:*").isEmpty());
    }

    @Test
    void twoWorkersShareManyRooms() {
        start();
        start();
        List<byte[]> updates = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            updates.add(append(new RoomName("room " + i), i + 1, 0, "x"));
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> redis.keys(prefix + ":room:*").isEmpty());
        for (int i = 0; i < 200; i++) {
            RoomName room = new RoomName("room " + i);
            assertThat(stored(room).covers(updates.get(i))).isTrue();
            assertThat(storage.peek(room.document())).hasSize(1);
        }
        assertThat(redis.xlen(prefix + ":worker")).isZero();
    }

    @Test
    void roomsWithoutATaskAreFoundWhenAWorkerStarts() {
        byte[] update = append(ROOM, 1, 0, "x");
        redis.del(prefix + ":worker");
        start();
        await().until(() -> redis.keys(prefix + ":room:*").isEmpty());
        assertThat(stored(ROOM).covers(update)).isTrue();
    }

    @Test
    void closeLetsRunningCompactionsEnd() throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        storage.at((document, name) -> {
            if (name.equals("before store")) {
                reached.countDown();
                try {
                    open.await();
                } catch (InterruptedException e) {
                    throw new StorageException("interrupted", e);
                }
            }
        });
        WeftWorker worker = start();
        byte[] update = append(ROOM, 1, 0, "x");
        reached.await();
        Thread closing = Thread.ofVirtual().start(worker::close);
        await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        open.countDown();
        closing.join();
        assertThat(stored(ROOM).covers(update)).isTrue();
    }

    @Test
    void backendIsToldOfChangedDocumentsInV2() throws IOException {
        List<String> paths = new CopyOnWriteArrayList<>();
        List<byte[]> bodies = new CopyOnWriteArrayList<>();
        AtomicInteger answers = new AtomicInteger();
        HttpServer backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        backend.createContext("/", exchange -> {
            try (exchange) {
                paths.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
                bodies.add(exchange.getRequestBody().readAllBytes());
                assertThat(exchange.getRequestHeaders().getFirst("Content-Type"))
                        .startsWith("multipart/form-data; boundary=");
                exchange.sendResponseHeaders(answers.getAndIncrement() == 0 ? 503 : 200, -1);
            }
        });
        backend.start();
        try {
            URI callback = URI.create("http://127.0.0.1:" + backend.getAddress().getPort() + "/ydoc");
            start(worker(
                    GarbagePolicy.EVERYWHERE,
                    Optional.of(new WebhookSettings(
                            callback, Duration.ofSeconds(2), Optional.empty(), WebhookFormat.UPDATE)),
                    OptionalInt.empty()));
            byte[] update = append(ROOM, 1, 0, "hello");
            await().untilAsserted(() -> assertThat(paths).hasSize(2));
            assertThat(paths).containsOnly("PUT /ydoc/a%20room");
            String expected = new String(UpdatesV2.fromV1(Updates.merge(List.of(update))), ISO_8859_1);
            assertThat(new String(bodies.get(1), ISO_8859_1))
                    .contains("Content-Disposition: form-data; name=\"ydoc\"")
                    .contains("\r\n\r\n" + expected + "\r\n--");
        } finally {
            backend.stop(0);
        }
    }

    @Test
    void metricsAndHealthAreServed() throws Exception {
        WeftWorker worker = start(worker(GarbagePolicy.EVERYWHERE, Optional.empty(), OptionalInt.of(0)));
        append(ROOM, 1, 0, "x");
        await().until(() -> redis.keys(prefix + ":room:*").isEmpty());
        String address = "http://127.0.0.1:" + worker.statusPort().getAsInt();
        assertThat(get(address + "/health").statusCode()).isEqualTo(200);
        assertThat(get(address + "/metrics").body())
                .contains("weft_compaction_seconds_count{outcome=\"stored\"} 1")
                .contains("weft_compaction_document_bytes_sum")
                .contains("weft_queue_tasks")
                .contains("weft_malformed_entries_total 0");
        assertThat(get(address + "/other").statusCode()).isEqualTo(404);
        Settings taken = Settings.of(Map.of(
                "REDIS",
                TestRedis.shared().url(),
                "METRICS_PORT",
                Integer.toString(worker.statusPort().getAsInt())));
        assertThatThrownBy(() -> WeftWorker.start(settings, WorkerSettings.from(taken), () -> storage))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("METRICS_PORT");
    }

    private static WorkerSettings worker() {
        return worker(GarbagePolicy.EVERYWHERE);
    }

    private static WorkerSettings worker(GarbagePolicy garbage) {
        return worker(garbage, Optional.empty(), OptionalInt.empty());
    }

    private static WorkerSettings worker(
            GarbagePolicy garbage, Optional<WebhookSettings> webhook, OptionalInt metricsPort) {
        return new WorkerSettings(
                3,
                64 << 20,
                garbage,
                new VersionPolicy(Duration.ofDays(1)),
                3,
                webhook,
                metricsPort,
                Duration.ofSeconds(5));
    }

    private WeftWorker start() {
        return start(worker());
    }

    private WeftWorker start(WorkerSettings worker) {
        WeftWorker started = WeftWorker.start(settings, worker, () -> storage);
        workers.add(started);
        return started;
    }

    private String storedText(RoomName room) {
        return storage.peek(room.document()).stream()
                .map(version -> new String(version.update(), ISO_8859_1))
                .collect(Collectors.joining());
    }

    private byte[] append(RoomName room, long clientId, int clock, String text) {
        return append(room, SampleUpdates.typed(clientId, clock, text));
    }

    private byte[] append(RoomName room, byte[] update) {
        rooms.append(room, update)
                .toCompletableFuture()
                .orTimeout(5, TimeUnit.SECONDS)
                .join();
        return update;
    }

    private Contents stored(RoomName room) {
        return Contents.of(Updates.merge(storage.peek(room.document()).stream()
                .map(StoredVersion::update)
                .toList()));
    }

    private static HttpResponse<String> get(String address) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
