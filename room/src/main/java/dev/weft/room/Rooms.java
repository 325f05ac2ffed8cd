package dev.weft.room;

import dev.weft.storage.DocumentStorage;
import dev.weft.yjs.AwarenessState;
import dev.weft.yjs.Message;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.resource.Transports;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * This process's way to the rooms in Redis. Thread-safe. Methods that return a stage never block, and complete it on Redis client threads;
 * what depends on a stage must not block either, nor work for long.
 *
 * <p>Connections: one to write and one to read what is large or rare, and those for what happens in rooms, on which Redis publishes, too: one for
 * each event loop of a server, else one. Each is checked every few seconds, the latter most often, and
 * replaced when it does not answer. While one is down, what needs it fails at once, with {@link RedisUnavailableException}; nothing is queued for later.
 */
public final class Rooms implements AutoCloseable {
    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(3);
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(20);

    /** Larger messages are published as their id alone, so that a slow node costs Redis little memory. */
    private static final byte[] LARGEST_PUBLISHED = "16384".getBytes(StandardCharsets.ISO_8859_1);

    private final RoomSettings settings;
    private final RoomKeys keys;
    private final RedisConnector connector;
    private final CommandConnection writes;
    private final CommandConnection reads;
    private final Lanes lanes;
    private final PresenceStore presence;
    private final DocumentAssembler assembler;
    private final HeadReader heads;
    private final MergePool merges = new MergePool();
    private final Seeding seeding;
    private final Erasures erasures;
    private final Quarantine quarantine;
    private final Script append = new Script("append", ScriptOutputType.VALUE);

    private Rooms(RoomSettings settings, List<EventLoop> loops) {
        this.settings = settings;
        keys = new RoomKeys(settings.prefix());
        Duration limit = settings.timeout();
        Duration interval = interval(settings.minMessageLifetime());
        connector = new RedisConnector(settings.redis(), limit);
        // Who uses these finds out himself if they are dead; on the others, silence may mean that nothing happens.
        Duration seldom = interval.multipliedBy(3);
        writes = new CommandConnection("writes", connector, seldom, limit);
        reads = new CommandConnection("reads", connector, seldom, limit);
        StreamReader reader = new StreamReader(reads);
        erasures = new Erasures(writes, reads, keys);
        Runnable doubt = () -> {
            writes.doubt();
            reads.doubt();
        };
        Duration lifetime = settings.minMessageLifetime();
        lanes = new Lanes(
                loops,
                writes,
                loop -> new Subscriptions(
                        "lane-" + (loop == null ? 0 : loops.indexOf(loop)),
                        connector,
                        connector.pubSub(loop),
                        reader,
                        erasures,
                        lifetime,
                        interval,
                        limit,
                        doubt));
        presence = new PresenceStore(lanes, reads, keys);
        assembler = new DocumentAssembler(reader, keys, merges, limit);
        heads = new HeadReader(lanes, keys, assembler);
        quarantine = new Quarantine(keys, writes, reader, limit);
        seeding = new Seeding(writes, keys, reader, assembler, append, LARGEST_PUBLISHED, limit);
    }

    /**
     * Connects, and checks that Redis is 7.0 or newer, or Valkey. Blocks.
     *
     * @throws RedisUnavailableException if it does not answer or is too old; its message is one line for the operator
     */
    public static Rooms connect(RoomSettings settings) {
        return connect(settings, List.of());
    }

    /**
     * The same for a server whose sockets are served by these event loops. What one of them appends and subscribes goes by a connection that it
     * serves itself; listeners of such subscriptions and dependents of such stages run on it.
     *
     * @param loops that can serve sockets of {@link #socketType}; to be stopped after {@link #close}
     */
    public static Rooms connect(RoomSettings settings, List<EventLoop> loops) {
        Rooms rooms = new Rooms(settings, loops);
        try {
            rooms.lanes.start();
            rooms.writes.start();
            rooms.reads.start();
            return rooms;
        } catch (RuntimeException e) {
            rooms.close();
            throw e;
        }
    }

    /** The kind of the Redis client's sockets, which depends on what native libraries load. */
    public static Class<? extends Channel> socketType() {
        return Transports.socketChannelClass();
    }

    /**
     * Appends an update to the room's stream and has it delivered to every subscriber, this process's included.
     *
     * @param update V1, checked by the caller, who does not change it any more
     * @return completes with the entry's id when Redis has taken it, in the order of the calls; exceptionally if Redis may not have taken it:
     *     then the client that sent it has to connect anew and bring it again; with {@link RoomErasedException} if it did not take it
     *     because the room was erased
     */
    public CompletionStage<EntryId> append(RoomName room, byte[] update) {
        byte[] message = new Message.Update(update).encode();
        String[] scriptKeys = {keys.stream(room), keys.worker(), keys.erased(room)};
        return failing(() -> append.<byte[]>call(lanes.commands(), scriptKeys, message, LARGEST_PUBLISHED)
                .thenApply(id -> EntryId.parse(new String(id, StandardCharsets.ISO_8859_1)))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(Erasures.refusal(failure))));
    }

    /**
     * Gives a room that nobody has written to its first content, exactly once, however many processes call this at one time: one of them asks
     * the source, the others wait until it has. Blocks: call it on a virtual thread.
     *
     * @param patience how long the source may take; after twice that, and some seconds, a caller that waits for another gives up
     * @return whether this call seeded the room
     * @throws RedisUnavailableException if Redis does not answer, or another process takes too long
     * @throws dev.weft.storage.StorageException if storage does not answer
     * @throws RuntimeException what the source threw
     */
    public boolean seed(RoomName room, DocumentStorage storage, SeedSource source, Duration patience) {
        return seeding.seed(room, storage, source, patience);
    }

    /**
     * Deletes what Redis has of a room, tells every subscriber ({@link RoomListener#onErased}), and refuses appends for a day or until {@link #allow}. Storage must
     * have been told before, or else what is deleted here may be read there. Blocks.
     *
     * @throws RedisUnavailableException if Redis does not answer: then it may or may not have been done, and has to be done again
     */
    public ErasedRoom erase(RoomName room) {
        return Replies.await(erasures.erase(room), settings.timeout());
    }

    /** Ends what {@link #erase} refuses. Blocks; throws {@link RedisUnavailableException}. */
    public void allow(RoomName room) {
        Replies.await(erasures.allow(room), settings.timeout());
    }

    /**
     * Subscribes to a room. Completes when Redis has confirmed: every entry appended from then on is delivered, some appended a little
     * earlier perhaps too. A room has one subscription in a process: another is refused with {@link IllegalStateException}.
     *
     * @param listener called from before the stage's dependents may have run, until the subscription is closed or {@linkplain
     *     RoomListener#onBroken broken}
     */
    public CompletionStage<RoomSubscription> subscribe(RoomName room, RoomListener listener) {
        return failing(() -> lanes.subscribe(room, keys.stream(room), listener));
    }

    /**
     * Merges states into the room's presence, by clock, and delivers to subscribers those that were news. Refuses more than a mebibyte of
     * JSON with {@link IllegalArgumentException}.
     */
    public CompletionStage<Void> publishAwareness(RoomName room, List<AwarenessState> states) {
        if (states.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return failing(() -> presence.publish(room, states).thenApply(news -> null));
    }

    /** The latest state of each client who is there: not of those who left, nor of those who were silent for 30 s. */
    public CompletionStage<List<AwarenessState>> awareness(RoomName room) {
        return failing(() -> presence.read(room));
    }

    /**
     * Puts the document together from stream and storage. Entries that are malformed are left out. Blocks: call it on a virtual thread.
     *
     * @throws RedisUnavailableException if Redis does not answer
     * @throws dev.weft.storage.StorageException if storage does not answer, or what it holds is malformed
     * @throws java.util.concurrent.RejectedExecutionException if too many merges wait
     */
    public AssembledDocument assemble(RoomName room, DocumentStorage storage) {
        return assembler.forReading(room, storage);
    }

    /**
     * All that Redis holds of a room, unless that is much; then nothing. Called right behind {@link #subscribe} on the same event loop, it has everything
     * that is not delivered to the subscription.
     */
    public CompletionStage<Optional<RoomHead>> head(RoomName room) {
        return failing(() -> heads.read(room));
    }

    /**
     * What is in the room's stream, and then what is stored, without loading it. Entries that are malformed are left out. Blocks: call it on a
     * virtual thread.
     *
     * @throws RedisUnavailableException if Redis does not answer
     * @throws dev.weft.storage.StorageException if storage does not answer
     */
    public RoomOutline outline(RoomName room, DocumentStorage storage) {
        return assembler.outline(room, storage);
    }

    /**
     * What is in the room's stream after an entry, in order to store it: nothing is left out. Blocks: call it on a virtual thread. It may be
     * large; the caller sees to the memory ({@link WorkQueue#backlog}).
     *
     * @throws MalformedEntryException if an entry is malformed
     * @throws RedisUnavailableException if Redis does not answer
     */
    public StreamTail readToStore(RoomName room, EntryId after) {
        return assembler.forStoring(room, after);
    }

    /** Rooms that cannot be compacted and were set aside. */
    public Quarantine quarantine() {
        return quarantine;
    }

    /** Threads for merges and differences of documents. */
    public MergePool merges() {
        return merges;
    }

    /** How often an entry of a stream was found malformed. */
    public long malformedEntries() {
        return assembler.malformedEntries();
    }

    /** Whether Redis answered lately, on every connection. */
    public boolean isHealthy() {
        return writes.answeredLately() && reads.answeredLately() && lanes.answeredLately();
    }

    /**
     * The queue of compactions.
     *
     * @param consumer names this worker in the queue; unique among those alive
     */
    public WorkQueue workQueue(String consumer) {
        return new WorkQueue(settings, keys, connector, writes, reads, consumer);
    }

    /** Ends every subscription, without a word to the listeners, and closes the connections; what is under way fails. */
    @Override
    public void close() {
        lanes.close();
        writes.close();
        reads.close();
        connector.close();
        merges.close();
    }

    /** A sixth of the lifetime of entries: a lost link is to be noticed while what it missed can still be read. */
    private static Duration interval(Duration lifetime) {
        Duration sixth = lifetime.dividedBy(6);
        if (sixth.compareTo(LONGEST_INTERVAL) > 0) {
            return LONGEST_INTERVAL;
        }
        return sixth.compareTo(SHORTEST_INTERVAL) < 0 ? SHORTEST_INTERVAL : sixth;
    }

    private static <T> CompletionStage<T> failing(Supplier<CompletionStage<T>> command) {
        try {
            return command.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
