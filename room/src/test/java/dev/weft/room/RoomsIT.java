package dev.weft.room;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.storage.InMemoryStorage;
import dev.weft.storage.VersionInfo;
import dev.weft.storage.VersionReference;
import dev.weft.testing.TestRedis;
import dev.weft.yjs.AwarenessState;
import dev.weft.yjs.Updates;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rooms on a real Redis that stays. */
class RoomsIT {
    private static final RoomName ROOM = new RoomName("my room/with 100% of ünïcode 🎉");

    private final String prefix = "it-" + UUID.randomUUID();
    private final RoomSettings settings = new RoomSettings(
            RedisURI.create(TestRedis.shared().url()), prefix, Duration.ofSeconds(60), Duration.ofSeconds(10));
    private final InMemoryStorage storage = new InMemoryStorage();
    private RedisClient client;
    private RedisCommands<String, byte[]> redis;
    private Rooms rooms;
    private Rooms other;

    @BeforeEach
    void connect() {
        client = RedisClient.create(TestRedis.shared().url());
        redis = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))
                .sync();
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
    void whatOneProcessAppendsEverySubscriberReceivesInOrder() {
        RecordingListener here = new RecordingListener();
        RecordingListener there = new RecordingListener();
        get(rooms.subscribe(ROOM, here));
        get(other.subscribe(ROOM, there));
        List<EntryId> appended = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Rooms from = i % 2 == 0 ? rooms : other;
            appended.add(get(from.append(ROOM, SampleUpdates.typed(1, i, "x"))));
        }
        for (RecordingListener listener : List.of(here, there)) {
            await().untilAsserted(() -> assertThat(listener.ids()).containsExactlyElementsOf(appended));
            assertThat(listener.messages().get(7)).startsWith(0, 2);
        }
    }

    @Test
    void keysAreThoseOfYRedis() {
        get(rooms.append(ROOM, SampleUpdates.typed(1, 0, "x")));
        String stream = prefix + ":room:my%20room%2Fwith%20100%25%20of%20%C3%BCn%C3%AFcode%20%F0%9F%8E%89:index";
        assertThat(redis.xlen(stream)).isEqualTo(1);
        assertThat(redis.xrange(prefix + ":worker", io.lettuce.core.Range.unbounded()))
                .singleElement()
                .satisfies(task -> assertThat(task.getBody().get("compact")).isEqualTo(stream.getBytes(UTF_8)));
        get(rooms.append(ROOM, SampleUpdates.typed(1, 1, "y")));
        assertThat(redis.xlen(prefix + ":worker")).isEqualTo(1);
    }

    @Test
    void largeEntriesArriveWholeAndInTheirPlace() {
        RecordingListener listener = new RecordingListener();
        get(other.subscribe(ROOM, listener));
        List<EntryId> appended = new ArrayList<>();
        List<CompletionStage<EntryId>> under = new ArrayList<>();
        int clock = 0;
        for (int i = 0; i < 60; i++) {
            String text = "x".repeat(i % 7 == 3 ? 100_000 : 3);
            under.add(rooms.append(ROOM, SampleUpdates.typed(1, clock, text)));
            clock += text.length();
        }
        under.forEach(stage -> appended.add(get(stage)));
        await().untilAsserted(() -> assertThat(listener.ids()).containsExactlyElementsOf(appended));
        assertThat(listener.messages().get(3).length).isGreaterThan(100_000);
        assertThat(listener.broken()).isEmpty();
    }

    @Test
    void subscriptionEndsAndBeginsAnew() {
        RecordingListener first = new RecordingListener();
        RoomSubscription subscription = get(rooms.subscribe(ROOM, first));
        assertThatThrownBy(() -> get(rooms.subscribe(ROOM, new RecordingListener())))
                .hasRootCauseInstanceOf(IllegalStateException.class);
        String channel = new RoomKeys(prefix).stream(ROOM);
        assertThat(redis.pubsubShardChannels(prefix + "*")).containsExactly(channel);
        subscription.close();
        subscription.close();
        await().untilAsserted(() ->
                assertThat(redis.pubsubShardChannels(prefix + "*")).isEmpty());
        for (int i = 0; i < 50; i++) {
            // Closing and subscribing again without waiting must not take the older one's confirmation for its own.
            get(rooms.subscribe(ROOM, new RecordingListener())).close();
        }
        RecordingListener last = new RecordingListener();
        get(rooms.subscribe(ROOM, last));
        EntryId id = get(rooms.append(ROOM, SampleUpdates.typed(1, 0, "x")));
        await().untilAsserted(() -> assertThat(last.ids()).containsExactly(id));
        assertThat(first.ids()).isEmpty();
    }

    @Test
    void documentIsAssembledFromStreamAndStorage() {
        byte[] stored = SampleUpdates.typed(1, 0, "stored");
        storage.store(ROOM.document(), stored, Updates.stateVector(stored));
        byte[] typed = SampleUpdates.typed(1, 6, "typed");
        EntryId id = get(rooms.append(ROOM, typed));
        AssembledDocument document = rooms.assemble(ROOM, storage);
        assertThat(document.update()).isEqualTo(Updates.merge(List.of(stored, typed)));
        assertThat(document.upTo()).isEqualTo(id);
        assertThat(document.versions()).hasSize(1);
        assertThat(document.streamEntries()).isEqualTo(1);
    }

    @Test
    void outlineTellsWhatIsStoredWithoutLoadingIt() {
        assertThat(rooms.outline(ROOM, storage).isEmpty()).isTrue();
        byte[] stored = SampleUpdates.typed(1, 0, "stored");
        VersionReference version = storage.store(ROOM.document(), stored, Updates.stateVector(stored));
        byte[] typed = SampleUpdates.typed(1, 6, "typed");
        EntryId id = get(rooms.append(ROOM, typed));
        redis.xadd(new RoomKeys(prefix).stream(ROOM), Map.of("m", new byte[] {0, 2, 3, 1, 99, 1}));
        RoomOutline outline = rooms.outline(ROOM, storage);
        assertThat(outline.tail().updates()).containsExactly(typed);
        assertThat(outline.tail().upTo()).isGreaterThan(id);
        assertThat(outline.versions()).extracting(VersionInfo::reference).containsExactly(version);
        assertThat(outline.storedBytes()).isEqualTo(stored.length);
        assertThat(outline.isEmpty()).isFalse();
    }

    @Test
    void headHasWhatRedisHasOfARoom() {
        assertThat(get(rooms.head(ROOM))).contains(new RoomHead(new StreamTail(List.of(), EntryId.ZERO, 0), List.of()));
        List<byte[]> updates = new ArrayList<>();
        EntryId last = EntryId.ZERO;
        for (int i = 0; i < 100; i++) {
            updates.add(SampleUpdates.typed(1, i, "x"));
            last = get(rooms.append(ROOM, updates.get(i)));
        }
        AwarenessState here = new AwarenessState(1, 3, "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
        AwarenessState left = new AwarenessState(2, 1, "null".getBytes(StandardCharsets.UTF_8));
        get(rooms.publishAwareness(ROOM, List.of(here, left)));
        RoomHead head = get(rooms.head(ROOM)).orElseThrow();
        assertThat(head.tail().updates()).containsExactlyElementsOf(updates);
        assertThat(head.tail().upTo()).isEqualTo(last);
        assertThat(head.tail().bytes())
                .isEqualTo(updates.stream().mapToLong(update -> update.length).sum());
        assertThat(head.presence())
                .usingRecursiveComparison()
                .isEqualTo(List.of(here))
                .isEqualTo(get(rooms.awareness(ROOM)));
    }

    @Test
    void headLeavesOutWhatIsMalformed() {
        redis.xadd(new RoomKeys(prefix).stream(ROOM), Map.of("m", new byte[] {0, 2, 3, 1, 99, 1}));
        redis.xadd(new RoomKeys(prefix).stream(ROOM), Map.of("other", new byte[] {1}));
        byte[] update = SampleUpdates.typed(1, 0, "x");
        get(rooms.append(ROOM, update));
        assertThat(get(rooms.head(ROOM)).orElseThrow().tail().updates()).containsExactly(update);
        assertThat(rooms.malformedEntries()).isEqualTo(2);
    }

    @Test
    void thereIsNoHeadOfMuch() {
        RoomName large = new RoomName("large");
        get(rooms.append(large, SampleUpdates.typed(1, 0, "x".repeat(70_000))));
        assertThat(get(rooms.head(large))).isEmpty();
        RoomName many = new RoomName("many");
        for (int i = 0; i < 257; i++) {
            get(rooms.append(many, SampleUpdates.typed(1, i, "x")));
        }
        assertThat(get(rooms.head(many))).isEmpty();
        RoomName busy = new RoomName("busy");
        byte[] state = ("\"" + "x".repeat(70_000) + "\"").getBytes(StandardCharsets.UTF_8);
        get(rooms.publishAwareness(busy, List.of(new AwarenessState(1, 1, state))));
        assertThat(get(rooms.head(busy))).isEmpty();
    }

    @Test
    void emptyRoomIsTheEmptyDocument() {
        assertThat(rooms.assemble(ROOM, storage))
                .usingRecursiveComparison()
                .isEqualTo(new AssembledDocument(Updates.empty(), EntryId.ZERO, List.of(), 0));
    }

    @Test
    void longStreamIsReadInPages() {
        List<byte[]> updates = new ArrayList<>();
        List<CompletionStage<EntryId>> under = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            updates.add(SampleUpdates.typed(i % 10, i / 10, "x"));
            under.add(rooms.append(ROOM, updates.get(i)));
        }
        under.forEach(RoomsIT::get);
        AssembledDocument document = rooms.assemble(ROOM, storage);
        assertThat(document.streamEntries()).isEqualTo(5000);
        assertThat(document.update()).isEqualTo(Updates.merge(updates));
    }

    @Test
    void malformedEntryIsLeftOutOfAJoinAndStopsACompaction() {
        byte[] good = SampleUpdates.typed(1, 0, "good");
        get(rooms.append(ROOM, good));
        String stream = new RoomKeys(prefix).stream(ROOM);
        String bad = redis.xadd(stream, Map.of("m", new byte[] {0, 2, 3, 1, 99, 1}));
        redis.xadd(stream, Map.of("m", new byte[] {1, 1, 0}));
        String worse = redis.xadd(stream, Map.of("n", new byte[] {1}));
        AssembledDocument document = rooms.assemble(ROOM, storage);
        assertThat(document.update()).isEqualTo(Updates.merge(List.of(good)));
        assertThat(document.streamEntries()).isEqualTo(1);
        assertThat(rooms.malformedEntries()).isEqualTo(2);
        assertThatThrownBy(() -> rooms.readToStore(ROOM, EntryId.ZERO))
                .isInstanceOf(MalformedEntryException.class)
                .hasMessageContaining(bad);
        EntryId last = get(rooms.append(ROOM, good));
        StreamTail after = rooms.readToStore(ROOM, EntryId.parse(worse));
        assertThat(after.updates()).containsExactly(good);
        assertThat(after.bytes()).isEqualTo(good.length);
        assertThat(after.upTo()).isEqualTo(last);
    }

    @Test
    void newerClockWinsAndOnlyNewsArePublished() {
        RecordingListener listener = new RecordingListener();
        get(other.subscribe(ROOM, listener));
        long large = (1L << 53) - 1;
        publish(state(5, 1, "{\"a\":1}"), state(large, 300, "{\"b\":\" \\n ü\"}"));
        publish(state(5, 1, "{\"a\":2}"), state(large, 299, "{}"));
        publish(state(5, 2, "{\"a\":3}"));
        await().untilAsserted(() -> assertThat(listener.states())
                .extracting(RoomsIT::text)
                .containsExactly("5 1 {\"a\":1}", large + " 300 {\"b\":\" \\n ü\"}", "5 2 {\"a\":3}"));
        assertThat(get(other.awareness(ROOM)))
                .extracting(RoomsIT::text)
                .containsExactlyInAnyOrder("5 2 {\"a\":3}", large + " 300 {\"b\":\" \\n ü\"}");
    }

    @Test
    void equalClockWinsOnlyToSayThatSomeoneLeft() {
        RecordingListener listener = new RecordingListener();
        get(rooms.subscribe(ROOM, listener));
        publish(state(5, 7, "{}"));
        publish(state(5, 7, "null"));
        publish(state(5, 7, "null"));
        publish(state(5, 7, "{}"));
        publish(state(5, 6, "{}"));
        assertThat(get(rooms.awareness(ROOM))).isEmpty();
        publish(state(5, 8, "{}"));
        await().untilAsserted(() -> assertThat(listener.states())
                .extracting(RoomsIT::text)
                .containsExactly("5 7 {}", "5 7 null", "5 8 {}"));
        assertThat(get(rooms.awareness(ROOM))).extracting(RoomsIT::text).containsExactly("5 8 {}");
    }

    @Test
    void silentClientsAreNotThereAndAreSweptAway() {
        publish(state(1, 1, "{}"), state(2, 1, "{}"));
        String key = new RoomKeys(prefix).presence(ROOM);
        assertThat(redis.pttl(key)).isBetween(50_000L, 60_000L);
        assertThat(redis.xlen(new RoomKeys(prefix).stream(ROOM))).isZero();
        long now = Long.parseLong(new String(redis.time().get(0), UTF_8)) * 1000;
        redis.hset(key, "1", ("1 " + (now - 31_000) + " {}").getBytes(UTF_8));
        assertThat(get(rooms.awareness(ROOM)))
                .extracting(AwarenessState::client)
                .containsExactly(2L);
        redis.hset(key, "1", ("1 " + (now - 61_000) + " {}").getBytes(UTF_8));
        redis.hset(key, "swept", Long.toString(now - 61_000).getBytes(UTF_8));
        publish(state(3, 1, "{}"));
        assertThat(redis.hkeys(key)).containsExactlyInAnyOrder("2", "3", "swept");
    }

    @Test
    void presenceNeverEntersTheStreamNorWakesAWorker() {
        publish(state(1, 1, "{}"));
        assertThat(redis.keys(prefix + "*")).containsExactly(new RoomKeys(prefix).presence(ROOM));
    }

    @Test
    void tooMuchPresenceAtOnceIsRefused() {
        assertThatThrownBy(() -> publish(state(1, 1, "\"" + "x".repeat(1 << 20) + "\"")))
                .hasRootCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void scriptsThatRedisForgotAreSentAgain() {
        get(rooms.append(ROOM, SampleUpdates.typed(1, 0, "x")));
        redis.scriptFlush();
        get(rooms.append(ROOM, SampleUpdates.typed(1, 1, "y")));
        assertThat(rooms.assemble(ROOM, storage).streamEntries()).isEqualTo(2);
    }

    @Test
    void aThousandRoomsShareOneLink() {
        int count = 1000;
        List<RecordingListener> listeners = new ArrayList<>();
        List<CompletionStage<RoomSubscription>> subscriptions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            listeners.add(new RecordingListener());
            subscriptions.add(other.subscribe(new RoomName("room " + i), listeners.get(i)));
        }
        subscriptions.forEach(RoomsIT::get);
        List<EntryId> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(get(rooms.append(new RoomName("room " + i), SampleUpdates.typed(1, 0, "x"))));
        }
        await().untilAsserted(() -> assertThat(listeners)
                .extracting(RecordingListener::ids)
                .isEqualTo(ids.stream().map(List::of).toList()));
    }

    @Test
    void aRedisThatDoesNotAnswerIsNamedInOneLine() {
        RoomSettings nowhere = new RoomSettings(
                RedisURI.create("redis://:secret@127.0.0.1:1"), prefix, Duration.ofSeconds(60), Duration.ofSeconds(10));
        assertThatThrownBy(() -> Rooms.connect(nowhere))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageStartingWith("Redis at 127.0.0.1:1 does not answer: ")
                .hasMessageNotContaining("secret")
                .hasMessageNotContaining("\n");
    }

    private void publish(AwarenessState... states) {
        get(rooms.publishAwareness(ROOM, Arrays.asList(states)));
    }

    private static AwarenessState state(long client, long clock, String json) {
        return new AwarenessState(client, clock, json.getBytes(UTF_8));
    }

    private static String text(AwarenessState state) {
        return state.client() + " " + state.clock() + " " + new String(state.json(), UTF_8);
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }
}
