package dev.weft.room;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection for commands, replaced when it is lost. While there is none, commands are refused at once: nothing is buffered. */
final class CommandConnection implements Keeper.Kept, AutoCloseable {
    private final RedisConnector connector;
    private final Duration limit;
    private final Keeper keeper;
    private volatile @Nullable StatefulRedisConnection<String, byte[]> current;

    CommandConnection(String name, RedisConnector connector, Duration interval, Duration limit) {
        this.connector = connector;
        this.limit = limit;
        keeper = new Keeper(name, this, interval);
    }

    /** Connects and begins to be kept; throws {@link RedisUnavailableException}. */
    void start() {
        keeper.start();
    }

    /** To send commands with; throws {@link RedisUnavailableException} while there is no connection. */
    RedisAsyncCommands<String, byte[]> commands() {
        StatefulRedisConnection<String, byte[]> connection = current;
        if (connection == null || !connection.isOpen()) {
            throw new RedisUnavailableException("there is no connection to Redis at " + connector.address());
        }
        return connection.async();
    }

    /** Has it looked at now, because there is doubt about Redis. Does not block. */
    void doubt() {
        keeper.wake();
    }

    boolean answeredLately() {
        return keeper.answeredLately(limit);
    }

    @Override
    public void keep() {
        StatefulRedisConnection<String, byte[]> connection = current;
        if (connection != null && connection.isOpen()) {
            try {
                Replies.await(connection.async().ping(), limit);
                return;
            } catch (RedisUnavailableException e) {
                drop();
                throw e;
            }
        }
        drop();
        StatefulRedisConnection<String, byte[]> fresh = connector.connect();
        fresh.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
                keeper.wake();
            }
        });
        current = fresh;
    }

    @Override
    public void close() {
        keeper.close();
        drop();
    }

    private void drop() {
        StatefulRedisConnection<String, byte[]> connection = current;
        current = null;
        if (connection != null) {
            // Fails what is under way, so that nobody waits for it until its time limit.
            Replies.forget(connection.closeAsync());
        }
    }
}
