package dev.weft.server;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The open WebSocket connections of this server, and what they have on its way to Redis. Thread-safe. */
final class Connections {
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count;
    private final AtomicLong unsettled = new AtomicLong();
    private volatile boolean aboutToStop;
    private volatile boolean stopping;

    /** @param count kept equal to their number */
    Connections(AtomicInteger count) {
        this.count = count;
    }

    void add(Connection connection) {
        if (open.add(connection)) {
            count.incrementAndGet();
        }
    }

    void remove(Connection connection) {
        if (open.remove(connection)) {
            count.decrementAndGet();
        }
    }

    int size() {
        return count.get();
    }

    /** From now on the node's health says that it stops. */
    void announceStop() {
        aboutToStop = true;
    }

    boolean isAboutToStop() {
        return aboutToStop;
    }

    /** From now on nobody is let in. */
    void stop() {
        aboutToStop = true;
        stopping = true;
    }

    boolean isStopping() {
        return stopping;
    }

    /** Appends and presence that Redis has not answered yet. */
    AtomicLong unsettled() {
        return unsettled;
    }

    /** Closes every connection for a restart, each after a random part of {@code spread}. Until then it goes on as before. */
    void drain(Duration spread, String detail) {
        long most = spread.toMillis();
        open.forEach(connection -> Sockets.later(
                connection.loop(),
                most == 0 ? 0 : ThreadLocalRandom.current().nextLong(most),
                () -> connection.closeNow(CloseReason.SERVICE_RESTART, detail)));
    }
}
