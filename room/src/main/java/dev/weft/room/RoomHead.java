package dev.weft.room;

import dev.weft.yjs.AwarenessState;
import java.util.List;

/**
 * All that Redis holds of a room, where that is little.
 *
 * @param tail the stream, without entries that are malformed
 * @param presence the latest state of each client who is there
 */
public record RoomHead(StreamTail tail, List<AwarenessState> presence) {}
