package dev.weft.server;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One timer for all connections of an event loop: keeps quiet ones alive and finds the dead ones. Confined to that loop. */
final class Heartbeat {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final long LONGEST_PERIOD_MILLIS = 1_000;

    private final Set<Connection> connections = new LinkedHashSet<>();
    private final Clock clock;
    private final ScheduledFuture<?> timer;

    /** @param shortestMillis the shortest of the times that it has to keep; it looks four times in each */
    Heartbeat(EventLoop loop, Clock clock, long shortestMillis) {
        this.clock = clock;
        long period = Math.clamp(shortestMillis / 4, 10, LONGEST_PERIOD_MILLIS);
        this.timer = loop.scheduleAtFixedRate(this::beat, period, period, TimeUnit.MILLISECONDS);
    }

    void add(Connection connection) {
        connections.add(connection);
    }

    void remove(Connection connection) {
        connections.remove(connection);
    }

    void stop() {
        timer.cancel(false);
    }

    private void beat() {
        long now = clock.nanoTime();
        // A copy, because a connection that is closed takes itself out.
        for (Connection connection : connections.toArray(new Connection[0])) {
            try {
                connection.beat(now);
            } catch (RuntimeException e) {
                // Or the timer would end for all of them.
                connection.close(CloseReason.INTERNAL_ERROR, "see the server's log");
                LOG.error("a connection's heartbeat failed", e);
            }
        }
    }
}
