package dev.weft.room;

/**
 * A compaction that is due, claimed by this worker.
 *
 * @param id names the task in the queue
 * @param room whose document is to be compacted
 * @param stored the entries of the room's stream up to this one are in storage already; {@link EntryId#ZERO} if nothing is known
 * @param attempt 1 for the first run of the task by anyone, one more for each further
 */
public record CompactionTask(EntryId id, RoomName room, EntryId stored, long attempt) {}
