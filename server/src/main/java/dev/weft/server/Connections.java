package dev.weft.server;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The open WebSocket connections of this server, and what they have on its way to Redis. Thread-safe. */
final class Connections {
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count;
    private final AtomicLong unsettled = new AtomicLong();
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

    /** From now on nobody is let in. */
    void stop() {
        stopping = true;
    }

    boolean isStopping() {
        return stopping;
    }

    /** Appends and presence that Redis has not answered yet. */
    AtomicLong unsettled() {
        return unsettled;
    }

    void closeAll(CloseReason reason, String detail) {
        open.forEach(connection -> connection.loop().execute(() -> connection.close(reason, detail)));
    }
}
