package dev.weft.server;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one client has on its way to Redis. Above its limit in bytes its socket is read no further, until half of it was taken. When all clients
 * together have more operations under way than {@link #OPERATIONS_OF_ALL}, it is read on only when nothing of its own is left: so none can
 * fill the Redis client's queue, which would refuse updates. {@link #track} is called on the connection's event loop; stages may complete
 * on any thread.
 */
final class InFlight {
    /** What an operation costs beside its own bytes: commands, futures, its place in a queue. */
    static final int BYTES_AN_OPERATION = 512;

    /** An eighth of what the Redis client queues, because what has been read from sockets already still comes. */
    static final long OPERATIONS_OF_ALL = 1 << 15;

    private final Reading reading;
    private final Executor loop;
    private final AtomicLong unsettledOfAll;
    private final long limit;
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean paused;

    /** @param unsettledOfAll counts this client's and everybody else's operations */
    InFlight(Reading reading, Executor loop, AtomicLong unsettledOfAll, long limit) {
        this.reading = reading;
        this.loop = loop;
        this.unsettledOfAll = unsettledOfAll;
        this.limit = limit;
    }

    void track(int size, CompletionStage<?> stage) {
        int cost = size + BYTES_AN_OPERATION;
        boolean crowded = unsettledOfAll.incrementAndGet() > OPERATIONS_OF_ALL;
        if ((bytes.addAndGet(cost) > limit || crowded) && !paused) {
            reading.pause(PauseReason.IN_FLIGHT);
            paused = true;
        }
        // Last, because a stage that is complete already settles at once.
        stage.whenComplete((result, error) -> settle(cost));
    }

    private void settle(int cost) {
        unsettledOfAll.decrementAndGet();
        if (mayResume(bytes.addAndGet(-cost)) && paused) {
            loop.execute(this::resume);
        }
    }

    private void resume() {
        if (paused && mayResume(bytes.get())) {
            paused = false;
            reading.resume(PauseReason.IN_FLIGHT);
        }
    }

    private boolean mayResume(long left) {
        return left == 0 || (left <= limit / 2 && unsettledOfAll.get() <= OPERATIONS_OF_ALL);
    }
}
