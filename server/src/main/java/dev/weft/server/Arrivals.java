package dev.weft.server;

import dev.weft.room.EntryId;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A room's messages on their way from the threads of the Redis client to the room's home: however many come while the home is busy, they cost it
 * one task, and none while it has a time of its own to look here.
 */
final class Arrivals {
    private final Queue<Arrival> queue = new ConcurrentLinkedQueue<>();
    /** Whether the home is going to look. */
    private final AtomicBoolean called = new AtomicBoolean();

    private final Executor home;
    private final Runnable look;

    /** @param id null for presence */
    record Arrival(@Nullable EntryId id, byte[] message) {}

    /** @param look run on the home when something is there; it polls, and then calls {@link #rest} or looks again by itself */
    Arrivals(Executor home, Runnable look) {
        this.home = home;
        this.look = look;
    }

    /** Called on any thread. */
    void add(@Nullable EntryId id, byte[] message) {
        queue.add(new Arrival(id, message));
        call();
    }

    /** The next one, in the order in which they came; null if there is none. Called on the home. */
    @Nullable
    Arrival poll() {
        return queue.poll();
    }

    /** The home does not look any more until it is called. Called on the home. */
    void rest() {
        called.set(false);
        if (!queue.isEmpty()) {
            call();
        }
    }

    private void call() {
        if (called.compareAndSet(false, true)) {
            try {
                home.execute(look);
            } catch (RejectedExecutionException e) {
                // The server has stopped.
                queue.clear();
            }
        }
    }
}
