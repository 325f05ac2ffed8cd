package dev.weft.server;

import java.util.Collection;
import java.util.function.DoubleSupplier;

/**
 * Whether this node takes another connection: not when it stops, nor when it is about to have more than it can serve. Who is refused in time
 * finds another node, and those who are here stay well served. Thread-safe.
 */
final class Admission {
    private final Node node;
    private final Collection<Heartbeat> heartbeats;
    private final DoubleSupplier heapShare;
    private final DoubleSupplier directShare;

    /**
     * @param heapShare how much of the heap was in use after the last collection, from 0 to 1
     * @param directShare how much of the memory beside the heap is in use for buffers, from 0 to 1
     */
    Admission(Node node, Collection<Heartbeat> heartbeats, DoubleSupplier heapShare, DoubleSupplier directShare) {
        this.node = node;
        this.heartbeats = heartbeats;
        this.heapShare = heapShare;
        this.directShare = directShare;
    }

    /** Costs next to nothing, and is asked before anything is done for a client. */
    void check() throws Refusal {
        if (node.connections().isStopping()) {
            throw new Refusal(Refusal.Kind.STOPPING, "this server is stopping");
        }
        if (!node.backend().isHealthy()) {
            throw new Refusal(Refusal.Kind.REDIS_UNAVAILABLE, "Redis does not answer");
        }
        if (node.connections().size() >= node.limits().connections()) {
            throw new Refusal(Refusal.Kind.OVERLOADED, "too many connections");
        }
        ServerSettings.Shedding shedding = node.shedding();
        if (heapShare.getAsDouble() > shedding.memoryShare()) {
            throw new Refusal(Refusal.Kind.OVERLOADED, "little memory is left in the heap");
        }
        if (directShare.getAsDouble() > shedding.memoryShare()) {
            throw new Refusal(Refusal.Kind.OVERLOADED, "little memory is left for buffers");
        }
        long latest = shedding.lag().toNanos();
        for (Heartbeat heartbeat : heartbeats) {
            if (heartbeat.lastingLagNanos() > latest) {
                throw new Refusal(Refusal.Kind.OVERLOADED, "this server is late with its work");
            }
        }
    }

    /** By how much the latest of the event loops was late. */
    long lagNanos() {
        long latest = 0;
        for (Heartbeat heartbeat : heartbeats) {
            latest = Math.max(latest, heartbeat.lagNanos());
        }
        return latest;
    }
}
