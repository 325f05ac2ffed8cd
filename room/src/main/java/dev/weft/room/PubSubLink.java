package dev.weft.room;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connection on which this process receives what is published in its rooms, from when it was opened until it is lost. Dispatches by
 * channel: what a message costs does not depend on how many rooms there are.
 */
final class PubSubLink extends RedisPubSubAdapter<String, byte[]> implements RoomFeed.Link {
    private final StatefulRedisPubSubConnection<String, byte[]> connection;
    private final Events events;

    // Who waits for a confirmation, by channel, in the order of the requests, which Redis confirms one by one. Guarded
    // by this.
    private final Map<String, Deque<RoomFeed>> awaited = new HashMap<>();
    private volatile long syncedAt;

    /** What a link reports, on Redis client threads. */
    interface Events {
        void published(PubSubLink link, String channel, byte[] envelope);

        void confirmed(PubSubLink link, RoomFeed feed);

        void lost();
    }

    PubSubLink(StatefulRedisPubSubConnection<String, byte[]> connection, long openedAt, Events events) {
        this.connection = connection;
        this.events = events;
        syncedAt = openedAt;
        connection.addListener(this);
        connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
                events.lost();
            }
        });
    }

    /** Asks for the channels of these feeds. {@link Events#confirmed} follows for each, or {@link Events#lost}. */
    synchronized void subscribe(List<RoomFeed> feeds) {
        String[] channels = new String[feeds.size()];
        for (int i = 0; i < channels.length; i++) {
            RoomFeed feed = feeds.get(i);
            channels[i] = feed.stream();
            awaited.computeIfAbsent(channels[i], channel -> new ArrayDeque<>(1)).add(feed);
        }
        connection.async().ssubscribe(channels).whenComplete((done, failure) -> {
            if (failure != null) {
                // Which confirmations are still to come is not certain any more.
                close();
            }
        });
    }

    synchronized void unsubscribe(String channel) {
        Replies.forget(connection.async().sunsubscribe(channel));
    }

    @Override
    public void ssubscribed(String channel, long channels) {
        RoomFeed feed = nextAwaited(channel);
        if (feed != null) {
            events.confirmed(this, feed);
        }
    }

    @Override
    public void smessage(String channel, byte[] envelope) {
        events.published(this, channel, envelope);
    }

    /**
     * Waits for an answer, which comes behind everything published before.
     *
     * @return Redis's time, in milliseconds
     */
    long heartbeat(Duration limit) {
        long sentAt = System.nanoTime();
        List<byte[]> time = Replies.await(connection.async().time(), limit);
        syncedAt = sentAt;
        return number(time.get(0)) * 1000 + number(time.get(1)) / 1000;
    }

    /** Which Redis process this is. */
    RedisServer server(Duration limit) {
        return RedisServer.parse(Replies.await(connection.async().info("server"), limit));
    }

    /** For commands that do not block; answers come in between publications. */
    RedisAsyncCommands<String, byte[]> commands() {
        return connection.async();
    }

    boolean isOpen() {
        return connection.isOpen();
    }

    @Override
    public long syncedAt() {
        return syncedAt;
    }

    void close() {
        Replies.forget(connection.closeAsync());
    }

    private synchronized @Nullable RoomFeed nextAwaited(String channel) {
        Deque<RoomFeed> queue = awaited.get(channel);
        RoomFeed feed = queue == null ? null : queue.poll();
        if (queue != null && queue.isEmpty()) {
            awaited.remove(channel);
        }
        return feed;
    }

    private static long number(byte[] text) {
        return Long.parseLong(new String(text, StandardCharsets.ISO_8859_1));
    }
}
