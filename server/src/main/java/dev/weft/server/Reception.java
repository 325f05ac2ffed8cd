package dev.weft.server;

import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Where upgrades are decided, shared by all connections.
 *
 * @param permits one for each upgrade that may be in progress
 * @param heartbeats one for each event loop
 */
record Reception(
        Node node, Gatekeeper gatekeeper, RoomRegistry rooms, Semaphore permits, Map<EventLoop, Heartbeat> heartbeats) {

    /** Refuses at once what need not be looked at closely. */
    void checkOpen() throws Refusal {
        if (node.connections().isStopping()) {
            throw new Refusal(Refusal.Kind.STOPPING, "this server is stopping");
        }
        if (!node.backend().isHealthy()) {
            throw new Refusal(Refusal.Kind.REDIS_UNAVAILABLE, "Redis does not answer");
        }
        if (node.connections().size() >= node.limits().connections()) {
            throw new Refusal(Refusal.Kind.OVERLOADED, "too many connections");
        }
    }
}
