package dev.weft.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.testing.TestRedis;
import dev.weft.yjs.AwarenessState;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ErasureIT {
    private static final RoomName ROOM = new RoomName("minutes/2026");

    private final String prefix = "it-" + UUID.randomUUID();
    private final RoomSettings settings = new RoomSettings(
            RedisURI.create(TestRedis.shared().url()), prefix, Duration.ofSeconds(60), Duration.ofSeconds(10));
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

    @Test
    void erasedRoomLeavesNothingButAMarkAndEverySubscriberHearsOfIt() {
        RecordingListener listener = new RecordingListener();
        get(other.subscribe(ROOM, listener));
        get(rooms.append(ROOM, SampleUpdates.typed(1, 0, "a")));
        get(rooms.append(ROOM, SampleUpdates.typed(1, 1, "b")));
        get(rooms.publishAwareness(ROOM, List.of(new AwarenessState(1, 1, "{}".getBytes(StandardCharsets.UTF_8)))));

        ErasedRoom erased = rooms.erase(ROOM);

        assertThat(erased).isEqualTo(new ErasedRoom(2, 1));
        await().untilAsserted(() -> assertThat(listener.erased()).isOne());
        assertThat(redis.keys(prefix + ":*"))
                .containsExactlyInAnyOrder(
                        prefix + ":erased:minutes%2F2026:index", prefix + ":worker"); // its task finds nothing and ends
        assertThat(redis.pttl(prefix + ":erased:minutes%2F2026:index"))
                .isBetween(1L, Duration.ofDays(1).toMillis());
    }

    @Test
    void nothingIsAppendedToAnErasedRoomUntilThatIsAllowed() {
        get(rooms.append(ROOM, SampleUpdates.typed(1, 0, "a")));
        rooms.erase(ROOM);
        assertThatThrownBy(() -> get(other.append(ROOM, SampleUpdates.typed(1, 0, "a"))))
                .hasCauseInstanceOf(RoomErasedException.class);
        assertThat(redis.exists(prefix + ":room:minutes%2F2026:index")).isZero();
        get(other.append(new RoomName("minutes/2027"), SampleUpdates.typed(1, 0, "a")));

        rooms.allow(ROOM);
        get(other.append(ROOM, SampleUpdates.typed(1, 0, "a")));
        assertThat(redis.xlen(prefix + ":room:minutes%2F2026:index")).isOne();
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }
}
