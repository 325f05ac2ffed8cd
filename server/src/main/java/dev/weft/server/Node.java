package dev.weft.server;

import java.util.concurrent.Executor;

/**
 * What every connection and room of this server shares.
 *
 * @param blocking runs what blocks, each task on a thread of its own (virtual threads)
 */
record Node(
        ServerSettings.Limits limits,
        ServerSettings.Times times,
        ServerSettings.Joins joins,
        ServerSettings.Rates rates,
        ServerSettings.Shedding shedding,
        RoomBackend backend,
        RoomReader reader,
        Executor blocking,
        Connections connections,
        ServerMetrics metrics,
        OccasionalLog log,
        Clock clock) {}
