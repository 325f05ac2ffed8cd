package dev.weft.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.storage.InMemoryStorage;
import dev.weft.testing.TestRedis;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rooms while their Redis, or the way to it, fails. */
class OutagesIT {
    private static final RoomName ROOM = new RoomName("room");

    private final TestRedis redis = TestRedis.start();
    private RedisClient client;
    private StatefulRedisConnection<String, String> admin;
    private Rooms writer;
    private Rooms reader;

    @BeforeEach
    void connect() {
        client = RedisClient.create(redis.url());
        admin = client.connect();
        writer = Rooms.connect(settings(Duration.ofSeconds(60)));
        reader = Rooms.connect(settings(Duration.ofSeconds(60)));
    }

    @AfterEach
    void close() {
        writer.close();
        reader.close();
        client.shutdown(0, 1, TimeUnit.SECONDS);
        redis.close();
    }

    @Test
    void noEntryIsMissedOrDoubledWhileThePublishingLinkIsKilledAgainAndAgain() {
        RecordingListener listener = new RecordingListener();
        get(reader.subscribe(ROOM, listener));
        List<CompletionStage<EntryId>> under = new ArrayList<>();
        int clock = 0;
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            String text = "x".repeat(random.nextInt(50) == 0 ? 40_000 : 5);
            under.add(writer.append(ROOM, SampleUpdates.typed(1, clock, text)));
            clock += text.length();
            if (i % 100 == 99) {
                under.forEach(OutagesIT::get);
                admin.sync().clientKill(KillArgs.Builder.typePubsub());
                if (i % 200 == 99) {
                    await().until(() -> reader.isHealthy());
                }
            }
        }
        List<EntryId> appended = under.stream().map(OutagesIT::get).toList();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(listener.ids()).containsExactlyElementsOf(appended));
        assertThat(listener.broken()).isEmpty();
    }

    @Test
    void commandConnectionsComeBackAfterTheyWereKilled() {
        get(writer.append(ROOM, SampleUpdates.typed(1, 0, "x")));
        admin.sync().clientKill(KillArgs.Builder.typeNormal().skipme(true));
        await().untilAsserted(() -> get(writer.append(ROOM, SampleUpdates.typed(1, 1, "y"))));
        await().untilAsserted(() -> assertThat(writer.isHealthy()).isTrue());
    }

    @Test
    void redisThatStandsStillFailsAppendsAndIsCaughtUpWithAfterwards() throws Exception {
        RecordingListener listener = new RecordingListener();
        Rooms impatient = Rooms.connect(new RoomSettings(
                RedisURI.create(redis.url()),
                "y",
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                Duration.ofMillis(500)));
        try (impatient) {
            get(impatient.subscribe(ROOM, listener));
            get(impatient.append(ROOM, SampleUpdates.typed(1, 0, "a")));
            signal("STOP");
            assertThatThrownBy(() -> get(impatient.append(ROOM, SampleUpdates.typed(1, 1, "b"))))
                    .isNotNull();
            await().atMost(Duration.ofSeconds(20)).until(() -> !impatient.isHealthy());
            signal("CONT");
            await().atMost(Duration.ofSeconds(20)).until(impatient::isHealthy);
            EntryId last = get(writer.append(ROOM, SampleUpdates.typed(1, 2, "c")));
            await().untilAsserted(() -> assertThat(listener.ids()).contains(last));
            AssembledDocument document = reader.assemble(ROOM, new InMemoryStorage());
            assertThat(listener.ids()).hasSize(document.streamEntries());
            assertThat(listener.broken()).isEmpty();
        }
    }

    @Test
    void redisThatWasRestartedBreaksEverySubscription() {
        RecordingListener one = new RecordingListener();
        RecordingListener two = new RecordingListener();
        RoomName other = new RoomName("other");
        get(reader.subscribe(ROOM, one));
        get(reader.subscribe(other, two));
        get(writer.append(ROOM, SampleUpdates.typed(1, 0, "a")));
        redis.kill();
        await().until(() -> !reader.isHealthy());
        assertThatThrownBy(() -> get(writer.append(ROOM, SampleUpdates.typed(1, 1, "b"))))
                .hasRootCauseInstanceOf(RedisUnavailableException.class);
        assertThatThrownBy(() -> get(reader.subscribe(new RoomName("third"), new RecordingListener())))
                .hasRootCauseInstanceOf(RedisUnavailableException.class);
        redis.restart();
        await().atMost(Duration.ofSeconds(20)).until(() -> reader.isHealthy() && writer.isHealthy());
        for (RecordingListener listener : List.of(one, two)) {
            await().untilAsserted(() ->
                    assertThat(listener.broken()).singleElement().asString().contains("restarted"));
        }
        RecordingListener again = new RecordingListener();
        get(reader.subscribe(ROOM, again));
        EntryId id = get(writer.append(ROOM, SampleUpdates.typed(1, 0, "a")));
        await().untilAsserted(() -> assertThat(again.ids()).containsExactly(id));
    }

    @Test
    void outageThatEntriesMayNotOutliveBreaksTheSubscription() throws Exception {
        RecordingListener listener = new RecordingListener();
        try (Rooms forgetful = Rooms.connect(new RoomSettings(
                RedisURI.create(redis.url()),
                "y",
                Duration.ofMillis(600),
                Duration.ofSeconds(10),
                Duration.ofMillis(500)))) {
            get(forgetful.subscribe(ROOM, listener));
            signal("STOP");
            await().until(() -> !forgetful.isHealthy());
            await().pollDelay(Duration.ofMillis(700)).until(() -> true);
            signal("CONT");
            await().untilAsserted(() ->
                    assertThat(listener.broken()).singleElement().asString().contains("longer than entries are kept"));
        }
    }

    @Test
    void aThousandRoomsCatchUp() {
        List<RecordingListener> listeners = new ArrayList<>();
        List<CompletionStage<RoomSubscription>> subscriptions = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            listeners.add(new RecordingListener());
            subscriptions.add(reader.subscribe(new RoomName("room " + i), listeners.get(i)));
        }
        subscriptions.forEach(OutagesIT::get);
        admin.sync().clientKill(KillArgs.Builder.typePubsub());
        List<CompletionStage<EntryId>> under = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            under.add(writer.append(new RoomName("room " + i), SampleUpdates.typed(1, 0, "x")));
        }
        List<List<EntryId>> ids =
                under.stream().map(stage -> List.of(get(stage))).toList();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(listeners).extracting(RecordingListener::ids).isEqualTo(ids));
    }

    private RoomSettings settings(Duration lifetime) {
        return new RoomSettings(RedisURI.create(redis.url()), "y", lifetime, Duration.ofSeconds(10));
    }

    private void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(redis.pid()))
                .start()
                .waitFor();
        assertThat(code).isZero();
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }
}
