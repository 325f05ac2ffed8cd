package dev.weft.server;

import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Where upgrades are decided, shared by all connections.
 *
 * @param permits one for each upgrade that may be in progress
 * @param heartbeats one for each event loop
 * @param movesConnections whether a connection may go from one event loop to another
 * @param compression whether permessage-deflate is agreed to
 */
record Reception(
        Node node,
        Gatekeeper gatekeeper,
        RoomRegistry rooms,
        Semaphore permits,
        Admission admission,
        Map<EventLoop, Heartbeat> heartbeats,
        boolean movesConnections,
        boolean compression) {}
