package dev.weft.room;

import java.time.Instant;

/**
 * A room in quarantine.
 *
 * @param room the room
 * @param since when it was set aside, by the clock of the worker that did it
 * @param attempts how often it failed before
 * @param reason how it failed last
 * @param stored the entries of its stream up to this one are in storage; {@link EntryId#ZERO} if nothing is known
 */
public record SetAside(RoomName room, Instant since, long attempts, String reason, EntryId stored) {}
