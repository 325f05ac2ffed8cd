package dev.weft.room;

import io.lettuce.core.api.async.RedisAsyncCommands;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * This process's ways to Redis and back for what happens in rooms: one for each event loop of the server, or a single one. What a loop's
 * sockets bring goes to Redis, and what Redis publishes in the rooms of that loop comes back, on one connection which the loop itself serves.
 * So no other thread has to be woken on that way, which costs more than the work does; and Redis answers an append and publishes it in one
 * write.
 */
final class Lanes implements AutoCloseable {
    private final CommandConnection instead;
    private final List<Lane> lanes = new ArrayList<>();

    private record Lane(@Nullable EventLoop loop, Subscriptions subscriptions) {
        private boolean isOfThisThread() {
            return loop != null && loop.inEventLoop();
        }
    }

    /**
     * @param loops may be empty
     * @param instead for commands while a lane has no connection
     * @param subscriptions makes those of a loop; null stands for threads of the Redis client
     */
    Lanes(
            List<EventLoop> loops,
            CommandConnection instead,
            Function<@Nullable EventLoop, Subscriptions> subscriptions) {
        this.instead = instead;
        for (EventLoop loop : loops) {
            lanes.add(new Lane(loop, subscriptions.apply(loop)));
        }
        if (loops.isEmpty()) {
            lanes.add(new Lane(null, subscriptions.apply(null)));
        }
    }

    /** Connects; throws {@link RedisUnavailableException}. */
    void start() {
        lanes.forEach(lane -> lane.subscriptions.start());
    }

    /** To send short commands with, in the order of the calls of one thread; throws {@link RedisUnavailableException}. */
    RedisAsyncCommands<String, byte[]> commands() {
        RedisAsyncCommands<String, byte[]> commands = mine().commands();
        return commands == null ? instead.commands() : commands;
    }

    /** See {@link Rooms#subscribe}. */
    CompletionStage<RoomSubscription> subscribe(RoomName room, String stream, RoomListener listener) {
        // Each lane looks again for itself. Between lanes, two calls at one moment would both succeed, which harms
        // nothing.
        if (lanes.stream().anyMatch(lane -> lane.subscriptions.has(stream))) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("room '" + room.value() + "' is subscribed already"));
        }
        return mine().subscribe(room, stream, listener);
    }

    boolean answeredLately() {
        return lanes.stream().allMatch(lane -> lane.subscriptions.answeredLately());
    }

    @Override
    public void close() {
        lanes.forEach(lane -> lane.subscriptions.close());
    }

    private Subscriptions mine() {
        for (Lane lane : lanes) {
            if (lane.isOfThisThread()) {
                return lane.subscriptions;
            }
        }
        return lanes.getFirst().subscriptions;
    }
}
