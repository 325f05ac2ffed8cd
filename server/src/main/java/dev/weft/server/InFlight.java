package dev.weft.server;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one client has on its way to Redis, in bytes: above the limit its socket is read no further, until half of it was taken. {@link #track}
 * is called on the connection's event loop; stages may complete on any thread.
 */
final class InFlight {
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
        unsettledOfAll.incrementAndGet();
        if (bytes.addAndGet(size) > limit && !paused) {
            reading.pause(PauseReason.IN_FLIGHT);
            paused = true;
        }
        // Last, because a stage that is complete already settles at once.
        stage.whenComplete((result, error) -> settle(size));
    }

    private void settle(int size) {
        unsettledOfAll.decrementAndGet();
        if (bytes.addAndGet(-size) <= limit / 2 && paused) {
            loop.execute(this::resume);
        }
    }

    private void resume() {
        if (paused && bytes.get() <= limit / 2) {
            paused = false;
            reading.resume(PauseReason.IN_FLIGHT);
        }
    }
}
