package dev.weft.server;

import dev.weft.yjs.StateVector;
import org.jspecify.annotations.Nullable;

/** A connection as its room sees it. Confined to the room's home. */
final class Member {
    final Connection connection;
    final FanOut fanOut;

    boolean present = true;
    /** It has had its first answer, and gets every entry since. */
    boolean live;
    /** A sync step 1 of it is being answered. */
    boolean joining;
    /** The last sync step 1 that came meanwhile. */
    @Nullable
    StateVector next;

    Member(Connection connection, FanOut fanOut) {
        this.connection = connection;
        this.fanOut = fanOut;
    }
}
