package dev.weft.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.testing.TestRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LanesIT {
    private static final RoomName ROOM = new RoomName("lanes");
    private static final String ROOM_CHANNEL = new RoomKeys("y").stream(ROOM);

    private final TestRedis redis = TestRedis.start();
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final EventLoop one = group.next();
    private final EventLoop two = group.next();
    private RedisClient client;
    private RedisCommands<String, String> commands;
    private Rooms rooms;

    @BeforeEach
    void connect() {
        client = RedisClient.create(redis.url());
        commands = client.connect().sync();
        rooms = Rooms.connect(settings(), List.of(one, two));
    }

    @AfterEach
    void close() {
        rooms.close();
        client.shutdown(0, 1, TimeUnit.SECONDS);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        redis.close();
    }

    @Test
    void thisModuleHasTheSocketsOfTheseLoops() {
        assertThat(Rooms.socketType()).isEqualTo(NioSocketChannel.class);
    }

    @Test
    void whatALoopSendsAndSubscribesIsServedByThatLoop() {
        for (EventLoop loop : List.of(one, two)) {
            RoomName room = new RoomName("of " + loop);
            Queue<Boolean> onLoop = new ConcurrentLinkedQueue<>();
            RecordingListener listener = new RecordingListener();
            RoomListener watched = new RoomListener() {
                @Override
                public void onUpdate(EntryId id, byte[] message) {
                    onLoop.add(loop.inEventLoop());
                    listener.onUpdate(id, message);
                }

                @Override
                public void onAwareness(byte[] message) {}

                @Override
                public void onBroken(String reason) {}

                @Override
                public void onErased() {}
            };
            get(on(loop, () -> rooms.subscribe(room, watched)));
            EntryId id = get(on(
                    loop,
                    () -> rooms.append(room, SampleUpdates.typed(1, 0, "x"))
                            .whenComplete((done, failure) -> onLoop.add(loop.inEventLoop()))));
            await().untilAsserted(() -> assertThat(listener.ids()).containsExactly(id));
            assertThat(onLoop).containsExactly(true, true);
        }
    }

    @Test
    void oneLoopsRoomHearsWhatAnotherLoopAndNoLoopAppend() {
        RecordingListener listener = new RecordingListener();
        get(on(one, () -> rooms.subscribe(ROOM, listener)));
        EntryId first = get(on(two, () -> rooms.append(ROOM, SampleUpdates.typed(1, 0, "x"))));
        EntryId second = get(rooms.append(ROOM, SampleUpdates.typed(1, 1, "y")));
        await().untilAsserted(() -> assertThat(listener.ids()).containsExactly(first, second));
    }

    @Test
    void roomThatIsSubscribedOnOneLoopIsRefusedOnAnother() {
        RoomSubscription subscription = get(on(one, () -> rooms.subscribe(ROOM, new RecordingListener())));
        assertThatThrownBy(() -> get(on(two, () -> rooms.subscribe(ROOM, new RecordingListener()))))
                .hasCauseInstanceOf(IllegalStateException.class);
        subscription.close();
        get(on(two, () -> rooms.subscribe(ROOM, new RecordingListener())));
    }

    @Test
    void roomThatMovedToAnotherLoopIsHeardThereAlone() {
        RecordingListener old = new RecordingListener();
        get(on(one, () -> rooms.subscribe(ROOM, old))).close();
        RecordingListener listener = new RecordingListener();
        get(on(two, () -> rooms.subscribe(ROOM, listener)));
        EntryId id = get(on(one, () -> rooms.append(ROOM, SampleUpdates.typed(1, 0, "x"))));
        await().untilAsserted(() -> assertThat(listener.ids()).containsExactly(id));
        assertThat(old.ids()).isEmpty();
        await().untilAsserted(() ->
                assertThat(commands.pubsubShardNumsub(ROOM_CHANNEL)).containsValue(1L));
    }

    @Test
    void whatIsSentInOneTurnOfALoopGoesInOneWriteAndInOrder() {
        get(rooms.append(ROOM, SampleUpdates.typed(1, 0, "x")));
        long before = reads();
        List<CompletionStage<EntryId>> stages = get(on(one, () -> {
            List<CompletionStage<EntryId>> sent = new ArrayList<>();
            for (int i = 1; i <= 100; i++) {
                sent.add(rooms.append(ROOM, SampleUpdates.typed(1, i, "x")));
            }
            return CompletableFuture.completedStage(sent);
        }));
        List<EntryId> ids = stages.stream().map(LanesIT::get).toList();
        assertThat(ids).isSorted().doesNotHaveDuplicates();
        // Redis reads 16 KiB at once; some more are for the keepers, and for the asking.
        assertThat(reads() - before).isLessThan(20);
    }

    @Test
    void everyLanesRoomsBreakWhenRedisWasRestarted() {
        RecordingListener ofOne = new RecordingListener();
        RecordingListener ofTwo = new RecordingListener();
        get(on(one, () -> rooms.subscribe(ROOM, ofOne)));
        get(on(two, () -> rooms.subscribe(new RoomName("other"), ofTwo)));
        redis.kill();
        await().until(() -> !rooms.isHealthy());
        redis.restart();
        await().atMost(Duration.ofSeconds(20)).until(rooms::isHealthy);
        for (RecordingListener listener : List.of(ofOne, ofTwo)) {
            await().untilAsserted(() ->
                    assertThat(listener.broken()).singleElement().asString().contains("restarted"));
        }
    }

    @Test
    void commandsGoAnotherWayWhileALaneHasNoConnection() {
        RedisConnector connector = new RedisConnector(RedisURI.create(redis.url()), Duration.ofSeconds(5));
        CommandConnection instead =
                new CommandConnection("instead", connector, Duration.ofSeconds(3), Duration.ofSeconds(5));
        try {
            instead.start();
            Lanes lanes = new Lanes(List.of(), instead, loop -> unconnected(connector, instead));
            assertThat(lanes.commands()).isSameAs(instead.commands());
            lanes.start();
            assertThat(lanes.commands()).isNotSameAs(instead.commands());
            lanes.close();
        } finally {
            instead.close();
            connector.close();
        }
    }

    @Test
    void loopsRunOnWhenRoomsAreClosed() {
        rooms.close();
        assertThat(get(on(one, () -> CompletableFuture.completedStage("alive"))))
                .isEqualTo("alive");
    }

    private static Subscriptions unconnected(RedisConnector connector, CommandConnection reads) {
        RoomKeys keys = new RoomKeys("y");
        return new Subscriptions(
                "lane",
                connector,
                connector.pubSub(null),
                new StreamReader(reads),
                new Erasures(reads, reads, keys),
                Duration.ofSeconds(60),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5),
                () -> {});
    }

    private long reads() {
        return commands.info("stats")
                .lines()
                .filter(line -> line.startsWith("total_reads_processed:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElseThrow();
    }

    private RoomSettings settings() {
        return new RoomSettings(RedisURI.create(redis.url()), "y", Duration.ofSeconds(60), Duration.ofSeconds(10));
    }

    private static <T> CompletionStage<T> on(EventLoop loop, Callable<CompletionStage<T>> work) {
        try {
            return loop.submit(work).get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }
}
