package dev.weft.room;

import dev.weft.room.StreamReader.Page;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rooms that this process is subscribed to, over one link. When the link was lost and there is another, every feed is subscribed on it
 * and reads what it missed. All feeds break if the link then reaches another Redis process than before, which may have lost entries, or
 * if Redis's clock went back, because ids would not tell any more what is new.
 */
final class Subscriptions implements Keeper.Kept, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);
    private static final int CHANNELS_A_COMMAND = 500;
    private static final int READS_AT_ONCE = 64;
    private static final Duration READ_AGAIN_AFTER = Duration.ofMillis(200);

    private final RedisConnector connector;
    private final Supplier<StatefulRedisPubSubConnection<String, byte[]>> opener;
    private final StreamReader reader;
    private final Erasures erasures;
    private final Duration lifetime;
    private final Duration limit;
    private final Keeper keeper;
    private final Runnable doubt;
    private final Events events = new Events();
    private final ConcurrentHashMap<String, RoomFeed> feeds = new ConcurrentHashMap<>();
    private final AtomicBoolean strangeSeen = new AtomicBoolean();
    private final ReadGate gate = new ReadGate();

    // Guards link, and the order of subscribing and unsubscribing a channel. Never held when a feed's lock is taken.
    private final Object lock = new Object();
    private volatile @Nullable PubSubLink link;

    // Only the keeper's thread (and start, before it) touches these.
    private @Nullable String runId;
    private long redisTime;

    /**
     * @param opener opens the link
     * @param doubt called when Redis did not answer on the link in time
     */
    Subscriptions(
            String name,
            RedisConnector connector,
            Supplier<StatefulRedisPubSubConnection<String, byte[]>> opener,
            StreamReader reader,
            Erasures erasures,
            Duration lifetime,
            Duration interval,
            Duration limit,
            Runnable doubt) {
        this.connector = connector;
        this.opener = opener;
        this.reader = reader;
        this.erasures = erasures;
        this.lifetime = lifetime;
        this.limit = limit;
        this.doubt = doubt;
        keeper = new Keeper(name, this, interval);
    }

    /** Connects and begins to be kept; throws {@link RedisUnavailableException}. */
    void start() {
        keeper.start();
    }

    boolean answeredLately() {
        return keeper.answeredLately(limit);
    }

    /** See {@link Rooms#subscribe}. */
    CompletionStage<RoomSubscription> subscribe(RoomName room, String stream, RoomListener listener) {
        RoomFeed feed = new RoomFeed(room, stream, listener, events, lifetime.toNanos());
        PubSubLink to;
        synchronized (lock) {
            to = link;
            if (to == null) {
                return CompletableFuture.failedFuture(
                        new RedisUnavailableException("there is no connection to Redis at " + connector.address()));
            }
            // One that ended is removed a moment after its listener heard of it.
            if (has(stream)) {
                return CompletableFuture.failedFuture(
                        new IllegalStateException("room '" + room.value() + "' is subscribed already"));
            }
            feed.linking(to);
            feeds.put(stream, feed);
            to.subscribe(List.of(feed));
        }
        feed.asked(to);
        return feed.ready();
    }

    /** Whether the room has a subscription here that has not ended. */
    boolean has(String stream) {
        RoomFeed feed = feeds.get(stream);
        return feed != null && !feed.hasEnded();
    }

    /** To send short commands with, on the link; null while there is none. */
    @Nullable
    RedisAsyncCommands<String, byte[]> commands() {
        PubSubLink current = link;
        return current != null && current.isOpen() ? current.commands() : null;
    }

    @Override
    public void keep() {
        PubSubLink current = link;
        if (current != null && current.isOpen()) {
            try {
                checkClock(current.heartbeat(limit));
                return;
            } catch (RedisUnavailableException e) {
                lose(current);
                doubt.run();
                throw e;
            }
        }
        if (current != null) {
            lose(current);
        }
        establish();
    }

    @Override
    public void close() {
        keeper.close();
        PubSubLink current;
        synchronized (lock) {
            current = link;
            link = null;
        }
        List.copyOf(feeds.values()).forEach(RoomFeed::close);
        if (current != null) {
            current.close();
        }
    }

    private void establish() {
        long openedAt = System.nanoTime();
        PubSubLink fresh = new PubSubLink(opener.get(), openedAt, events);
        List<RoomFeed> waiting;
        try {
            RedisServer server = fresh.server(limit);
            server.check(connector.address());
            checkSame(server);
            checkClock(fresh.heartbeat(limit));
        } catch (RuntimeException e) {
            fresh.close();
            throw e;
        }
        synchronized (lock) {
            link = fresh;
            waiting = new ArrayList<>(feeds.values());
        }
        for (int from = 0; from < waiting.size(); from += CHANNELS_A_COMMAND) {
            List<RoomFeed> some = waiting.subList(from, Math.min(waiting.size(), from + CHANNELS_A_COMMAND));
            some.forEach(feed -> feed.linking(fresh));
            fresh.subscribe(some);
        }
    }

    private void checkSame(RedisServer server) {
        String before = runId;
        runId = server.runId();
        if (before != null && !before.equals(server.runId())) {
            LOG.warn("Redis was restarted or another took its place: {} rooms synchronise anew", feeds.size());
            breakAll("Redis was restarted or another took its place");
        }
    }

    private void checkClock(long now) {
        long before = redisTime;
        redisTime = now;
        if (now < before) {
            LOG.warn("Redis's clock went back by {} ms: {} rooms synchronise anew", before - now, feeds.size());
            breakAll("Redis's clock went back");
        }
    }

    private void breakAll(String reason) {
        List.copyOf(feeds.values()).forEach(feed -> feed.broken(reason));
    }

    private void lose(PubSubLink old) {
        synchronized (lock) {
            link = null;
        }
        old.close();
        List.copyOf(feeds.values()).forEach(feed -> feed.lost(old));
    }

    private final class Events implements PubSubLink.Events, RoomFeed.Access {
        @Override
        public void published(PubSubLink from, String channel, byte[] envelope) {
            RoomFeed feed = feeds.get(channel);
            if (feed == null) {
                return;
            }
            Envelope decoded;
            try {
                decoded = Envelope.decode(envelope);
            } catch (IllegalArgumentException e) {
                if (strangeSeen.compareAndSet(false, true)) {
                    LOG.warn("something else publishes on channel {} ({}); said once", channel, e.getMessage());
                }
                return;
            }
            feed.accept(from, decoded);
        }

        @Override
        public void confirmed(PubSubLink by, RoomFeed feed) {
            feed.confirmed(by);
            // It may have ended between being listed for this link and being subscribed on it.
            synchronized (lock) {
                if (!feeds.containsKey(feed.stream()) && link == by) {
                    by.unsubscribe(feed.stream());
                }
            }
        }

        @Override
        public void lost() {
            keeper.wake();
        }

        @Override
        public CompletionStage<Page> page(String stream, EntryId after, int count) {
            return gate.pass(() -> reader.page(stream, after, count));
        }

        @Override
        public CompletionStage<EntryId> position(String stream) {
            RedisAsyncCommands<String, byte[]> redis = commands();
            return redis == null
                    ? CompletableFuture.failedFuture(new RedisUnavailableException("the connection to Redis was lost"))
                    : reader.position(redis, stream);
        }

        @Override
        public CompletionStage<Boolean> wasErased(RoomName room) {
            return erasures.wasErased(room);
        }

        @Override
        public void later(Runnable work) {
            connector.later(READ_AGAIN_AFTER, work);
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void ended(RoomFeed feed) {
            synchronized (lock) {
                PubSubLink current = link;
                if (feeds.remove(feed.stream(), feed) && current != null) {
                    current.unsubscribe(feed.stream());
                }
            }
        }
    }

    /** Lets so many reads through at once; the others wait. Each feed has one at most. */
    private final class ReadGate {
        // Both guarded by this.
        private final Queue<Runnable> waiting = new ArrayDeque<>();
        private int free = READS_AT_ONCE;

        CompletionStage<Page> pass(Supplier<CompletionStage<Page>> read) {
            CompletableFuture<Page> result = new CompletableFuture<>();
            Runnable start = () -> {
                read.get().whenComplete((page, failure) -> {
                    leave();
                    if (failure != null) {
                        result.completeExceptionally(failure);
                    } else {
                        result.complete(page);
                    }
                });
            };
            synchronized (this) {
                if (free == 0) {
                    waiting.add(start);
                    return result;
                }
                free--;
            }
            start.run();
            return result;
        }

        private void leave() {
            Runnable next;
            synchronized (this) {
                next = waiting.poll();
                if (next == null) {
                    free++;
                }
            }
            if (next != null) {
                // Not from here: reads that fail at once would call each other ever deeper.
                connector.later(Duration.ZERO, next);
            }
        }
    }
}
