package dev.weft.room;

import java.util.Optional;

/**
 * An entry of a room's stream as it lies in Redis.
 *
 * @param message what its field {@code m} holds; empty if there is no such field
 * @param fault why it is malformed; empty if it is not
 */
public record RawEntry(EntryId id, byte[] message, Optional<String> fault) {}
