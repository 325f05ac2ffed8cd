package dev.weft.server;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Says when what was gathered leaves: at once after a quiet time, else when an interval since the last departure is over. So a lone message
 * is not delayed, and a stream of them leaves as often as the interval says. Confined to one event loop.
 */
final class Pace {
    private final EventLoop loop;
    private final Clock clock;
    private final Runnable departure;
    private @Nullable ScheduledFuture<?> timer;
    private long timerAt;
    private long last;

    /** @param departure run when it is time; has to call {@link #departed} */
    Pace(EventLoop loop, Clock clock, Runnable departure) {
        this.loop = loop;
        this.clock = clock;
        this.departure = departure;
        last = clock.nanoTime() - TimeUnit.HOURS.toNanos(1);
    }

    /** Something is to leave when {@code interval} nanoseconds since the last departure are over, or when it was asked for before that. */
    void due(long interval) {
        long now = clock.nanoTime();
        long at = last + interval;
        if (at - now <= 0) {
            departure.run();
        } else if (timer == null || at - timerAt < 0) {
            stop();
            timerAt = at;
            timer = loop.schedule(this::ring, at - now, TimeUnit.NANOSECONDS);
        }
    }

    /** Whether something waits for its time. */
    boolean isWaiting() {
        return timer != null;
    }

    /** Everything has left. */
    void departed() {
        last = clock.nanoTime();
        stop();
    }

    private void ring() {
        timer = null;
        departure.run();
    }

    private void stop() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
