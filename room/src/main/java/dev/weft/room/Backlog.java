package dev.weft.room;

import java.time.Duration;

/**
 * What of a room's stream waits to be stored.
 *
 * @param last the stream's last entry
 * @param waited for how long the oldest of these entries has been in the stream
 * @param quiet for how long nothing was added
 * @param bytes about how much memory the whole stream takes in Redis; -1 if Redis does not tell
 */
public record Backlog(EntryId last, Duration waited, Duration quiet, long bytes) {}
