package dev.weft.room;

import java.util.List;

/**
 * The entries of a room's stream after some entry, up to its end.
 *
 * @param updates their updates, V1, in the stream's order; the receiver's
 * @param upTo the last of the entries; if there is none, the entry after which was read
 * @param bytes how long the updates are together
 */
public record StreamTail(List<byte[]> updates, EntryId upTo, long bytes) {}
