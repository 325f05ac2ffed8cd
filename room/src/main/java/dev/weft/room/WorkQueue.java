package dev.weft.room;

import io.lettuce.core.Consumer;
import io.lettuce.core.KeyScanArgs;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAutoClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.models.stream.ClaimedMessages;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue of compactions: the stream {@code <prefix>:worker} with a consumer group of the same name, as y-redis has it. An entry has
 * a field {@code compact}, the key of a room's stream, and perhaps {@code stored}, the last entry of that stream that is in storage.
 *
 * <p>A new task is taken into this consumer's pending list ({@link #take}), where it waits until it has been idle for the debounce; then it may
 * be claimed, by this worker ({@link #claim}) or, if this one is dead or busy, by any other ({@link #claimOverdue}). A claim is a lease: it
 * ends when it is not {@linkplain #renew renewed} for the debounce. Two workers may run one task after a lease was lost; {@link #finish}
 * is safe even then.
 *
 * <p>All methods block, and throw {@link RedisUnavailableException}. A group or stream that is missing is made anew. Thread-safe, but {@link
 * #take} is for one thread at a time.
 */
public final class WorkQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkQueue.class);
    private static final int PAGE = 1000;
    private static final int RENEWED_AT_ONCE = 500;

    /** How many texts {@code claim.lua} returns for each task. */
    private static final int CLAIMED_TEXTS = 4;

    private final RoomKeys keys;
    private final Duration debounce;
    private final Duration lifetime;
    private final Duration limit;
    private final String group;
    private final Consumer<String> consumer;
    private final CommandConnection blocking;
    private final CommandConnection commands;
    private final CommandConnection reads;
    private final Script claim = new Script("claim", ScriptOutputType.MULTI);
    private final Script finish = new Script("finish", ScriptOutputType.INTEGER);
    private final Script backlog = new Script("backlog", ScriptOutputType.MULTI);
    private final Script renew = new Script("renew", ScriptOutputType.MULTI);
    private final Script adopt = new Script("adopt", ScriptOutputType.INTEGER);
    private final Script drop = new Script("drop", ScriptOutputType.INTEGER);
    private final Script retire = new Script("retire", ScriptOutputType.INTEGER);

    /** Where the next search for overdue tasks goes on. Guarded by this. */
    private String cursor = "0-0";

    WorkQueue(
            RoomSettings settings,
            RoomKeys keys,
            RedisConnector connector,
            CommandConnection commands,
            CommandConnection reads,
            String consumer) {
        this.keys = keys;
        debounce = settings.taskDebounce();
        lifetime = settings.minMessageLifetime();
        limit = settings.timeout();
        group = keys.worker();
        this.consumer = Consumer.from(group, consumer);
        this.commands = commands;
        this.reads = reads;
        // Asked whether it answers only now and then: behind a blocking read the answer comes late.
        blocking = new CommandConnection("queue", connector, Duration.ofSeconds(9), limit);
        blocking.start();
    }

    /**
     * Takes new tasks into this consumer's pending list, where they wait for their debounce.
     *
     * @param wait how long to wait for the first, at most; four fifths of the time limit of commands if that is less; not at all if it is less than a
     *     millisecond
     * @return the ids of the tasks, at most {@code max}
     */
    @SuppressWarnings("unchecked") // an array of generic type for Lettuce's varargs, which nobody writes to
    public List<EntryId> take(int max, Duration wait) {
        long millis = Math.min(wait.toMillis(), Math.max(1, limit.toMillis() * 4 / 5));
        XReadArgs args = XReadArgs.Builder.count(max);
        if (millis > 0) { // 0 would wait for ever
            args.block(millis);
        }
        List<StreamMessage<String, byte[]>> messages = withGroup(
                blocking, redis -> redis.xreadgroup(consumer, args, StreamOffset.lastConsumed(keys.worker())));
        return messages.stream().map(message -> EntryId.parse(message.getId())).toList();
    }

    /** Claims those of the given tasks that nobody has renewed or claimed for the debounce. */
    public List<CompactionTask> claim(Collection<EntryId> ids) {
        return claim(ids, debounce);
    }

    private List<CompactionTask> claim(Collection<EntryId> ids, Duration idle) {
        if (ids.isEmpty()) {
            return List.of();
        }
        List<byte[]> values = new ArrayList<>();
        values.add(text(group));
        values.add(text(consumer.getName()));
        values.add(text(Long.toString(idle.toMillis())));
        ids.forEach(id -> values.add(text(id.toString())));
        List<byte[]> claimed = withGroup(
                commands, redis -> claim.call(redis, new String[] {keys.worker()}, values.toArray(byte[][]::new)));
        return tasks(claimed);
    }

    /**
     * Claims tasks of any consumer that nobody has renewed or claimed for the debounce; looks at some part of the queue, and at the next
     * part at the next call.
     */
    public synchronized List<CompactionTask> claimOverdue(int max) {
        XAutoClaimArgs<String> args = new XAutoClaimArgs<String>()
                .consumer(consumer)
                .minIdleTime(debounce)
                .startId(cursor)
                .count(max)
                .justid();
        ClaimedMessages<String, byte[]> overdue = withGroup(commands, redis -> redis.xautoclaim(keys.worker(), args));
        cursor = overdue.getId();
        // They are this consumer's from now on, and idle no longer.
        return claim(
                overdue.getMessages().stream()
                        .map(message -> EntryId.parse(message.getId()))
                        .toList(),
                Duration.ZERO);
    }

    /** Whether the last {@link #claimOverdue} reached the end of the queue. */
    public synchronized boolean isSearchedThrough() {
        return cursor.equals("0-0");
    }

    /** Renews leases, and returns those still held. */
    public Set<EntryId> renew(Collection<EntryId> ids) {
        Set<EntryId> held = new HashSet<>();
        List<EntryId> list = List.copyOf(ids);
        for (int from = 0; from < list.size(); from += RENEWED_AT_ONCE) {
            List<byte[]> values = new ArrayList<>();
            values.add(text(group));
            values.add(text(consumer.getName()));
            list.subList(from, Math.min(list.size(), from + RENEWED_AT_ONCE))
                    .forEach(id -> values.add(text(id.toString())));
            List<byte[]> ours = withGroup(
                    commands, redis -> renew.call(redis, new String[] {keys.worker()}, values.toArray(byte[][]::new)));
            ours.forEach(id -> held.add(EntryId.parse(new String(id, StandardCharsets.ISO_8859_1))));
        }
        return held;
    }

    /** What of the room's stream after {@code stored} waits to be stored; empty if nothing does. */
    public Optional<Backlog> backlog(RoomName room, EntryId stored) {
        List<byte[]> reply =
                await(reads, redis -> backlog.call(redis, new String[] {keys.stream(room)}, text(stored.toString())));
        if (reply.isEmpty()) {
            return Optional.empty();
        }
        EntryId last = EntryId.parse(string(reply.get(0)));
        EntryId first = EntryId.parse(string(reply.get(1)));
        long now = Long.parseLong(string(reply.get(2)));
        return Optional.of(new Backlog(
                last,
                Duration.ofMillis(now - first.millis()),
                Duration.ofMillis(now - last.millis()),
                Long.parseLong(string(reply.get(3)))));
    }

    /**
     * Ends a task, in one step: trims from the room's stream what is stored and has lived long enough; then queues the room again, or deletes
     * the stream if it is empty. If another worker has ended the task before, the room is queued already and is not queued twice.
     *
     * @param stored the last entry that is in storage; never a later one, because what is trimmed is nowhere else
     * @return whether the stream lives on
     */
    public boolean finish(CompactionTask task, EntryId stored) {
        Long lives = await(
                commands,
                redis -> finish.call(
                        redis,
                        new String[] {keys.stream(task.room()), keys.worker()},
                        text(group),
                        text(task.id().toString()),
                        text(stored.toString()),
                        text(stored.next().toString()),
                        text(Long.toString(lifetime.toMillis()))));
        return lives == 1;
    }

    /**
     * Queues rooms whose stream has no task, which happens when the queue's stream was deleted, but not those in {@link Quarantine}. Reads all keys' names: for seldom.
     *
     * @return how many there were
     */
    public int adoptOrphans() {
        // Streams first, then tasks: a task is only ever replaced by a later one, so it is not overlooked.
        Set<String> streams = new HashSet<>();
        ScanCursor at = ScanCursor.INITIAL;
        ScanArgs args =
                KeyScanArgs.Builder.type("stream").match(keys.streamPattern()).limit(PAGE);
        do {
            ScanCursor from = at;
            KeyScanCursor<String> page = await(reads, redis -> redis.scan(from, args));
            page.getKeys().stream().filter(key -> keys.roomOf(key).isPresent()).forEach(streams::add);
            at = page;
        } while (!at.isFinished());
        EntryId after = EntryId.ZERO;
        List<StreamMessage<String, byte[]>> tasks;
        do {
            Range<String> range = Range.from(Range.Boundary.excluding(after.toString()), Range.Boundary.unbounded());
            tasks = await(reads, redis -> redis.xrange(keys.worker(), range, Limit.from(PAGE)));
            for (StreamMessage<String, byte[]> task : tasks) {
                after = EntryId.parse(task.getId());
                streams.remove(field(task, "compact"));
            }
        } while (tasks.size() == PAGE);
        int adopted = 0;
        for (String stream : streams) {
            Long added = await(
                    commands, redis -> adopt.call(redis, new String[] {stream, keys.worker(), keys.quarantine()}));
            adopted += added.intValue();
        }
        return adopted;
    }

    /** Removes consumers that hold no task and were silent for {@code silence}. */
    public void removeDeadConsumers(Duration silence) {
        retire(silence, "");
    }

    /** How many tasks there are, waiting or running. */
    public long length() {
        return await(reads, redis -> redis.xlen(keys.worker()));
    }

    /** Leaves the group, unless this consumer still holds tasks: those stay until another claims them. */
    @Override
    public void close() {
        try {
            retire(Duration.ofDays(3650), consumer.getName());
        } catch (RedisUnavailableException e) {
            LOG.debug("leaving the queue without a word", e);
        }
        blocking.close();
    }

    private void retire(Duration silence, String name) {
        withGroup(
                commands,
                redis -> retire.call(
                        redis,
                        new String[] {keys.worker()},
                        text(group),
                        text(Long.toString(silence.toMillis())),
                        text(name)));
    }

    /** Of what {@code claim.lua} returns. */
    private List<CompactionTask> tasks(List<byte[]> claimed) {
        List<CompactionTask> tasks = new ArrayList<>(claimed.size() / CLAIMED_TEXTS);
        for (int i = 0; i < claimed.size(); i += CLAIMED_TEXTS) {
            String id = string(claimed.get(i));
            Optional<RoomName> room = keys.roomOf(new String(claimed.get(i + 1), StandardCharsets.UTF_8));
            if (room.isPresent()) {
                // Delivered once when it was taken, then once more for each claim.
                long attempt = Math.max(1, Long.parseLong(string(claimed.get(i + 3))) - 1);
                tasks.add(new CompactionTask(EntryId.parse(id), room.get(), stored(claimed.get(i + 2)), attempt));
            } else {
                LOG.warn("task {} names no room's stream and is dropped", id);
                await(commands, redis -> drop.call(redis, new String[] {keys.worker()}, text(group), text(id)));
            }
        }
        return tasks;
    }

    private static EntryId stored(byte[] text) {
        try {
            return text.length == 0 ? EntryId.ZERO : EntryId.parse(string(text));
        } catch (IllegalArgumentException e) {
            return EntryId.ZERO; // then everything is stored once more
        }
    }

    private static String field(StreamMessage<String, byte[]> message, String name) {
        Map<String, byte[]> body = message.getBody();
        byte[] value = body == null ? null : body.get(name);
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }

    private <T> T await(
            CommandConnection connection, Function<RedisAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
        return Replies.await(command.apply(connection.commands()), limit);
    }

    /** As await, but makes stream and group if they are missing: from the first entry, so that tasks which are there are taken anew. */
    private <T> T withGroup(
            CommandConnection connection, Function<RedisAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
        try {
            return await(connection, command);
        } catch (RedisUnavailableException e) {
            boolean missing = e.getCause() instanceof RedisCommandExecutionException refused
                    && (Replies.rootMessage(refused).contains("NOGROUP")
                            || Replies.rootMessage(refused).contains("no such key"));
            if (!missing) {
                throw e;
            }
        }
        makeGroup();
        return await(connection, command);
    }

    private void makeGroup() {
        try {
            await(
                    commands,
                    redis -> redis.xgroupCreate(
                            StreamOffset.from(keys.worker(), "0-0"), group, XGroupCreateArgs.Builder.mkstream()));
        } catch (RedisUnavailableException e) {
            if (!(e.getCause() instanceof RedisBusyException)) {
                throw e;
            }
        }
    }

    private static String string(byte[] text) {
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
