package dev.weft.server;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One timer for all connections of an event loop: keeps quiet ones alive and finds the dead ones. A timer wheel (G. Varghese and T. Lauck,
 * "Hashed and Hierarchical Timing Wheels", 1987): each connection lies in the slot of the moment for which it asked, and is not visited
 * before that. It finds out how late the loop is, too. While there is no connection it does not wake the loop. Confined to that loop, but for
 * {@link #lagNanos} and {@link #lastingLagNanos}.
 */
final class Heartbeat {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final long LONGEST_PERIOD_MILLIS = 1_000;
    private static final int SLOTS = 64;
    /** How many are looked at in a row, some 10 us each if it means a write: so long does what comes in meanwhile wait. */
    private static final int BATCH = 32;

    private static final long PAUSE_MILLIS = 2;

    private final EventLoop loop;
    private final Clock clock;
    private final long period;
    private @Nullable ScheduledFuture<?> timer;
    private final @Nullable Beat[] slots = new @Nullable Beat[SLOTS];
    /** How many lie on the wheel. */
    private int kept;

    /** Whether the rest of the slot under the cursor is going to be looked at in a moment. */
    private boolean goesOn;

    private int cursor;
    /** The moment that the slot under the cursor stands for. */
    private long cursorTime;

    private long lastBeat;
    private volatile long lagNanos;
    private volatile long lastingLagNanos;

    /** Who is looked at: a connection. */
    interface Kept {
        /** Looks at it, and says in how many nanoseconds to look again; negative if never. */
        long beat(long now);

        /** Looking at it failed; it will not be looked at again. */
        void beatFailed();
    }

    /** A place on the wheel, a node of its slot's list. */
    static final class Beat {
        private final Kept kept;
        private @Nullable Beat next;
        private @Nullable Beat previous;
        private int slot = -1;

        Beat(Kept kept) {
            this.kept = kept;
        }
    }

    /** @param shortestMillis the shortest of the times that it has to keep; it looks four times in each */
    Heartbeat(EventLoop loop, Clock clock, long shortestMillis) {
        this.loop = loop;
        this.clock = clock;
        period = TimeUnit.MILLISECONDS.toNanos(Math.clamp(shortestMillis / 4, 10, LONGEST_PERIOD_MILLIS));
    }

    /** It is looked at for the first time after one period. */
    void add(Beat beat) {
        if (timer == null) {
            cursorTime = clock.nanoTime();
            lastBeat = cursorTime;
            timer = loop.scheduleWithFixedDelay(this::beat, period, period, TimeUnit.NANOSECONDS);
        }
        place(beat, 1);
    }

    /** Does nothing if it is not there. */
    void remove(Beat beat) {
        if (beat.slot < 0) {
            return;
        }
        if (beat.previous == null) {
            slots[beat.slot] = beat.next;
        } else {
            beat.previous.next = beat.next;
        }
        if (beat.next != null) {
            beat.next.previous = beat.previous;
        }
        beat.next = null;
        beat.previous = null;
        beat.slot = -1;
        kept--;
    }

    /** By how much the loop was late when this was last looked at, in nanoseconds; 0 without connections. Called on any thread. */
    long lagNanos() {
        return lagNanos;
    }

    /**
     * By how much it was late the last two times: a processor that was taken away for a second, or a long collection, is no reason to send people
     * away.
     */
    long lastingLagNanos() {
        return lastingLagNanos;
    }

    private void beat() {
        long now = clock.nanoTime();
        long lag = Math.max(0, now - lastBeat - period);
        lastingLagNanos = Math.min(lag, lagNanos);
        lagNanos = lag;
        while (cursorTime + period - now <= 0) {
            look(now, Integer.MAX_VALUE);
            cursorTime += period;
            cursor = (cursor + 1) % SLOTS;
        }
        if (!goesOn) {
            lookAtSome(now);
        }
        lastBeat = clock.nanoTime();
        if (kept == 0) {
            rest();
        }
    }

    private void rest() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        lagNanos = 0;
        lastingLagNanos = 0;
    }

    private void lookAtSome(long now) {
        look(now, BATCH);
        goesOn = slots[cursor] != null;
        if (goesOn) {
            // As a task it would come before what the sockets have.
            Sockets.later(loop, PAUSE_MILLIS, () -> lookAtSome(clock.nanoTime()));
        }
    }

    /** Looks at those under the cursor. Nobody is placed there meanwhile. */
    private void look(long now, int most) {
        Beat beat;
        for (int i = 0; i < most && (beat = slots[cursor]) != null; i++) {
            remove(beat);
            long due = look(beat.kept, now);
            if (due >= 0) {
                place(beat, due / period + 1);
            }
        }
    }

    private static long look(Kept kept, long now) {
        try {
            return kept.beat(now);
        } catch (RuntimeException e) {
            // Or the timer would end for all of them.
            LOG.error("a connection's heartbeat failed", e);
            kept.beatFailed();
            return -1;
        }
    }

    private void place(Beat beat, long periods) {
        beat.slot = (cursor + Math.clamp(periods, 1, SLOTS - 1)) % SLOTS;
        Beat first = slots[beat.slot];
        beat.next = first;
        if (first != null) {
            first.previous = beat;
        }
        slots[beat.slot] = beat;
        kept++;
    }
}
