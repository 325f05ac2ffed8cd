package dev.weft.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.weft.testing.TestRedis;
import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkQueueIT {
    private static final RoomName ROOM = new RoomName("a room");
    private static final Duration DEBOUNCE = Duration.ofMillis(600);
    private static final Duration LIFETIME = Duration.ofSeconds(2);

    private final String prefix = "queue-" + UUID.randomUUID();
    private final String stream = prefix + ":room:a%20room:index";
    private final String worker = prefix + ":worker";
    private RedisClient client;
    private RedisCommands<String, String> redis;
    private Rooms rooms;
    private WorkQueue one;
    private WorkQueue two;

    @BeforeEach
    void connect() {
        client = RedisClient.create(TestRedis.shared().url());
        redis = client.connect().sync();
        rooms = Rooms.connect(
                new RoomSettings(RedisURI.create(TestRedis.shared().url()), prefix, LIFETIME, DEBOUNCE));
        one = rooms.workQueue("one");
        two = rooms.workQueue("two");
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
        rooms.close();
        client.shutdown(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void taskIsTakenAtOnceAndClaimedAfterItsDebounce() {
        append(0);
        List<EntryId> taken = one.take(10, Duration.ofSeconds(2));
        assertThat(taken).hasSize(1);
        assertThat(two.take(10, Duration.ofMillis(1))).isEmpty();
        assertThat(one.claim(taken)).isEmpty();
        assertThat(two.claimOverdue(10)).isEmpty();
        List<CompactionTask> tasks = claimWhenDue(taken);
        assertThat(tasks).containsExactly(new CompactionTask(taken.get(0), ROOM, EntryId.ZERO, 1));
        assertThat(one.length()).isEqualTo(1);
    }

    @Test
    void tasksAreClaimedTogetherAndEachKnowsHowOftenItWasBegun() {
        List<RoomName> names = List.of(new RoomName("a"), new RoomName("b"), new RoomName("c"));
        names.forEach(name -> rooms.append(name, SampleUpdates.typed(1, 0, "x"))
                .toCompletableFuture()
                .join());
        List<EntryId> taken = one.take(10, Duration.ofSeconds(2));
        assertThat(taken).hasSize(3);
        List<EntryId> second = taken.subList(1, 2);
        await().until(() -> one.claim(second).size() == 1);
        assertThat(one.claim(taken))
                .extracting(CompactionTask::room, CompactionTask::attempt)
                .containsExactly(tuple(names.get(0), 1L), tuple(names.get(2), 1L));
        List<CompactionTask> again = new ArrayList<>();
        await().until(() -> again.addAll(one.claim(second)));
        assertThat(again)
                .extracting(CompactionTask::room, CompactionTask::attempt)
                .containsExactly(tuple(names.get(1), 2L));
    }

    @Test
    void takingWithoutTimeDoesNotWait() {
        assertThat(one.take(10, Duration.ZERO)).isEmpty();
        append(0);
        assertThat(one.take(10, Duration.ZERO)).hasSize(1);
    }

    @Test
    void takingWaitsInRedisForATask() {
        Thread.ofVirtual().start(() -> {
            await().until(() -> redis.info("clients").contains("blocked_clients:1"));
            append(0);
        });
        assertThat(one.take(10, Duration.ofSeconds(4))).hasSize(1);
    }

    @Test
    void leaseThatIsRenewedKeepsOthersOutAndOneThatIsNotDoesNot() {
        append(0);
        List<EntryId> taken = one.take(10, Duration.ofSeconds(2));
        claimWhenDue(taken);
        long end = System.nanoTime() + DEBOUNCE.multipliedBy(3).toNanos();
        while (System.nanoTime() < end) {
            assertThat(one.renew(taken)).containsExactlyElementsOf(taken);
            assertThat(two.claimOverdue(10)).isEmpty();
        }
        List<CompactionTask> stolen = new ArrayList<>();
        await().until(() -> {
            stolen.addAll(two.claimOverdue(10));
            return !stolen.isEmpty();
        });
        assertThat(stolen).extracting(CompactionTask::id).isEqualTo(taken);
        assertThat(stolen.get(0).attempt()).isEqualTo(2);
        assertThat(one.renew(taken)).isEmpty();
        assertThat(two.renew(taken)).containsExactlyElementsOf(taken);
    }

    @Test
    void onlyWhatIsStoredAndOldEnoughIsTrimmed() {
        EntryId first = append(0);
        EntryId second = append(1);
        CompactionTask task = due();
        assertThat(one.finish(task, second)).isTrue();
        assertThat(entries()).containsExactly(first.toString(), second.toString());
        awaitOld(second);
        EntryId third = append(2);
        CompactionTask again = due();
        assertThat(again.stored()).isEqualTo(second);
        assertThat(one.finish(again, first)).isTrue();
        assertThat(entries()).containsExactly(second.toString(), third.toString());
        CompactionTask more = due();
        assertThat(more.stored()).isEqualTo(first);
        awaitOld(third);
        assertThat(one.finish(more, EntryId.ZERO)).isTrue();
        assertThat(entries()).hasSize(2);
        assertThat(one.finish(due(), third)).isFalse();
        assertThat(redis.exists(stream)).isZero();
        assertThat(one.length()).isZero();
        assertThat(redis.xpending(worker, worker).getCount()).isZero();
    }

    @Test
    void backlogTellsWhatWaitsAndForHowLong() {
        assertThat(one.backlog(ROOM, EntryId.ZERO)).isEmpty();
        EntryId first = append(0);
        EntryId second = append(1);
        assertThat(one.backlog(ROOM, second)).isEmpty();
        awaitOld(first);
        EntryId third = append(2);
        Backlog all = one.backlog(ROOM, EntryId.ZERO).orElseThrow();
        assertThat(all.last()).isEqualTo(third);
        assertThat(all.waited()).isGreaterThan(LIFETIME);
        assertThat(all.quiet()).isLessThan(LIFETIME);
        Backlog tail = one.backlog(ROOM, second).orElseThrow();
        assertThat(tail.last()).isEqualTo(third);
        assertThat(tail.waited()).isEqualTo(tail.quiet());
        // One large entry in the midst counts whole.
        get(rooms.append(ROOM, SampleUpdates.typed(2, 0, "x".repeat(1 << 20))));
        for (int i = 3; i < 300; i++) {
            append(i);
        }
        assertThat(one.backlog(ROOM, first).orElseThrow().bytes()).isBetween(1L << 20, 1L << 22);
    }

    @Test
    void entriesOfOneMillisecondAreToldApart() {
        long now = System.currentTimeMillis() - 10_000;
        for (int i = 0; i < 4; i++) {
            redis.xadd(stream, new XAddArgs().id(now + "-" + i), Map.of("m", "x"));
        }
        redis.xadd(worker, Map.of("compact", stream));
        assertThat(one.finish(due(), new EntryId(now, 1))).isTrue();
        assertThat(entries()).containsExactly(now + "-2", now + "-3");
    }

    @Test
    void taskThatAnotherEndedIsNotQueuedTwice() {
        EntryId first = append(0);
        CompactionTask task = due();
        assertThat(one.finish(task, first)).isTrue();
        assertThat(two.finish(task, first)).isTrue();
        assertThat(one.length()).isEqualTo(1);
    }

    @Test
    void streamThatVanishedEndsItsTask() {
        append(0);
        CompactionTask task = due();
        redis.del(stream);
        assertThat(one.backlog(ROOM, EntryId.ZERO)).isEmpty();
        assertThat(one.finish(task, EntryId.ZERO)).isFalse();
        assertThat(one.length()).isZero();
    }

    @Test
    void lostGroupIsMadeAnewWithEveryTask() {
        EntryId entry = append(0);
        CompactionTask held = due();
        redis.xgroupDestroy(worker, worker);
        List<EntryId> taken = one.take(10, Duration.ofMillis(100));
        assertThat(taken).containsExactly(held.id());
        redis.xgroupDestroy(worker, worker);
        assertThat(two.claimOverdue(10)).isEmpty();
        assertThat(one.finish(held, entry)).isTrue();
        assertThat(one.length()).isEqualTo(1);
        assertThat(one.take(10, Duration.ofMillis(100))).hasSize(1).doesNotContain(held.id());
    }

    @Test
    void roomsWithoutATaskAreQueued() {
        append(0);
        assertThat(one.adoptOrphans()).isZero();
        redis.del(worker);
        redis.xadd(prefix + ":room:x:other", Map.of("m", "x"));
        assertThat(one.adoptOrphans()).isEqualTo(1);
        assertThat(one.adoptOrphans()).isZero();
        assertThat(due().room()).isEqualTo(ROOM);
    }

    @Test
    void taskThatMakesNoSenseIsDropped() {
        redis.xadd(worker, Map.of("compact", "something else"));
        redis.xadd(worker, Map.of("other", "field"));
        List<EntryId> taken = one.take(10, Duration.ofSeconds(1));
        assertThat(taken).hasSize(2);
        await().untilAsserted(() -> {
            assertThat(one.claim(taken)).isEmpty();
            assertThat(one.length()).isZero();
        });
    }

    @Test
    void tasksThatYRedisHandedToItsPendingConsumerAreFound() {
        redis.xgroupCreate(StreamOffset.from(worker, "0"), worker, XGroupCreateArgs.Builder.mkstream());
        append(0);
        @SuppressWarnings("unchecked") // Lettuce's varargs
        List<StreamMessage<String, String>> handed =
                redis.xreadgroup(Consumer.from(worker, "pending"), StreamOffset.lastConsumed(worker));
        assertThat(handed).hasSize(1);
        List<CompactionTask> found = new ArrayList<>();
        await().until(() -> {
            found.addAll(one.claimOverdue(10));
            return !found.isEmpty();
        });
        assertThat(found.get(0).room()).isEqualTo(ROOM);
        assertThat(found.get(0).stored()).isEqualTo(EntryId.ZERO);
    }

    @Test
    void searchForOverdueTasksGoesThroughTheWholeQueue() {
        for (int i = 0; i < 300; i++) {
            redis.xadd(worker, Map.of("compact", prefix + ":room:" + i + ":index"));
        }
        assertThat(one.take(1000, Duration.ofSeconds(1))).hasSize(300);
        List<CompactionTask> found = new ArrayList<>();
        await().until(() -> {
            found.addAll(two.claimOverdue(7));
            return found.size() == 300;
        });
        assertThat(found).extracting(CompactionTask::room).doesNotHaveDuplicates();
    }

    @Test
    void consumersLeaveUnlessTheyHoldTasks() {
        append(0);
        one.take(10, Duration.ofSeconds(1));
        redis.xgroupCreateconsumer(worker, Consumer.from(worker, "two"));
        one.removeDeadConsumers(Duration.ofHours(1));
        assertThat(consumers()).contains("one", "two");
        two.close();
        assertThat(consumers()).containsExactly("one");
        one.close();
        one.removeDeadConsumers(Duration.ZERO);
        assertThat(consumers()).containsExactly("one");
    }

    private List<Object> consumers() {
        // Each is a list: name, its value, and so on.
        return redis.xinfoConsumers(worker, worker).stream()
                .map(consumer -> ((List<?>) consumer).get(1))
                .collect(Collectors.toList());
    }

    private EntryId append(int clock) {
        return get(rooms.append(ROOM, SampleUpdates.typed(1, clock, "x")));
    }

    private static EntryId get(CompletionStage<EntryId> id) {
        return id.toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).join();
    }

    private CompactionTask due() {
        List<CompactionTask> tasks = claimWhenDue(one.take(10, Duration.ofSeconds(2)));
        assertThat(tasks).hasSize(1);
        return tasks.get(0);
    }

    private List<CompactionTask> claimWhenDue(List<EntryId> ids) {
        List<CompactionTask> tasks = new ArrayList<>();
        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            tasks.addAll(one.claim(ids));
            return !tasks.isEmpty();
        });
        return tasks;
    }

    private void awaitOld(EntryId id) {
        await().until(() -> now() - id.millis() > LIFETIME.toMillis());
    }

    private long now() {
        List<String> time = redis.time();
        return Long.parseLong(time.get(0)) * 1000 + Long.parseLong(time.get(1)) / 1000;
    }

    private List<String> entries() {
        return redis.xrange(stream, Range.unbounded(), Limit.unlimited()).stream()
                .map(StreamMessage::getId)
                .toList();
    }
}
