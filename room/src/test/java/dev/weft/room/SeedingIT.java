package dev.weft.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.storage.InMemoryStorage;
import dev.weft.testing.TestRedis;
import dev.weft.yjs.Updates;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SeedingIT {
    private static final RoomName ROOM = new RoomName("new");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String prefix = "it-" + UUID.randomUUID();
    private final RoomSettings settings = new RoomSettings(
            RedisURI.create(TestRedis.shared().url()), prefix, Duration.ofSeconds(60), Duration.ofSeconds(10));
    private final InMemoryStorage storage = new InMemoryStorage();
    private final AtomicInteger asked = new AtomicInteger();
    private RedisClient client;
    private RedisCommands<String, String> redis;
    private Rooms rooms;
    private Rooms other;

    @BeforeEach
    void connect() {
        client = RedisClient.create(TestRedis.shared().url());
        redis = client.connect().sync();
        rooms = Rooms.connect(settings);
        other = Rooms.connect(settings);
    }

    @AfterEach
    void close() {
        rooms.close();
        other.close();
        client.shutdown(0, 1, TimeUnit.SECONDS);
    }

    /** Each answer is another text, as from a backend that makes the document anew for everyone who asks: two would be seen. */
    @Test
    void roomIsSeededOnceHoweverManyAskAtOnce() throws Exception {
        int callers = 30;
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Boolean>> calls = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) {
                Rooms from = i % 2 == 0 ? rooms : other;
                calls.add(threads.submit(() -> {
                    start.await();
                    boolean seeded = from.seed(ROOM, storage, this::text, PATIENCE);
                    assertThat(from.assemble(ROOM, storage).isEmpty()).isFalse();
                    return seeded;
                }));
            }
            start.countDown();
            int seeded = 0;
            for (Future<Boolean> call : calls) {
                seeded += call.get(30, TimeUnit.SECONDS) ? 1 : 0;
            }
            assertThat(seeded).isOne();
        }
        assertThat(asked).hasValue(1);
        assertThat(rooms.assemble(ROOM, storage).streamEntries()).isOne();
        assertThat(redis.keys(prefix + ":seeding:*")).isEmpty();
    }

    @Test
    void seedOfAnOwnerWhoWasTooSlowIsNotAppended() {
        boolean seeded = rooms.seed(
                ROOM,
                storage,
                room -> {
                    // Its right expires; another seeds the room, and the room is stored and leaves Redis.
                    redis.del(prefix + ":seeding:new:index");
                    assertThat(other.seed(ROOM, storage, this::text, PATIENCE)).isTrue();
                    byte[] stored = other.assemble(ROOM, storage).update();
                    storage.store(ROOM.document(), stored, Updates.stateVector(stored));
                    redis.del(prefix + ":room:new:index");
                    return Optional.of(SampleUpdates.typed(99, 0, "late"));
                },
                PATIENCE);
        assertThat(seeded).isFalse();
        AssembledDocument document = rooms.assemble(ROOM, storage);
        assertThat(document.streamEntries()).isZero();
        assertThat(Updates.stateVector(document.update()).clock(99)).isZero();
    }

    @Test
    void seedDoesNotFollowSomebodysEdit() {
        boolean seeded = rooms.seed(
                ROOM,
                storage,
                room -> {
                    other.append(ROOM, SampleUpdates.typed(1, 0, "first"))
                            .toCompletableFuture()
                            .join();
                    return text(room);
                },
                PATIENCE);
        assertThat(seeded).isFalse();
        assertThat(rooms.assemble(ROOM, storage).streamEntries()).isOne();
    }

    @Test
    void storedDocumentIsNotSeeded() {
        byte[] update = SampleUpdates.typed(1, 0, "stored");
        storage.store(ROOM.document(), update, Updates.stateVector(update));
        assertThat(rooms.seed(ROOM, storage, this::text, PATIENCE)).isFalse();
        assertThat(asked).hasValue(0);
    }

    @Test
    void sourceThatHasNothingOrFailsLeavesTheRoomEmptyAndFree() {
        assertThat(rooms.seed(ROOM, storage, room -> Optional.empty(), PATIENCE))
                .isFalse();
        assertThatThrownBy(() -> rooms.seed(
                        ROOM,
                        storage,
                        room -> {
                            throw new IllegalStateException("the backend is away");
                        },
                        PATIENCE))
                .hasMessage("the backend is away");
        assertThat(rooms.assemble(ROOM, storage).isEmpty()).isTrue();
        assertThat(other.seed(ROOM, storage, this::text, PATIENCE)).isTrue();
    }

    private Optional<byte[]> text(RoomName room) {
        int call = asked.incrementAndGet();
        return Optional.of(SampleUpdates.typed(1000 + call, 0, "seed " + call));
    }
}
