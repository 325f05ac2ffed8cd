package dev.weft.server;

import dev.weft.room.MemoryBudget;
import dev.weft.room.RoomOutline;
import dev.weft.yjs.AwarenessState;
import java.util.List;

/**
 * What was read of a room when its first client was let in, for those who join it.
 *
 * @param share what it takes of the memory for joins; closed by whoever owns this
 */
record Opening(RoomOutline outline, List<AwarenessState> presence, MemoryBudget.Share share) {}
