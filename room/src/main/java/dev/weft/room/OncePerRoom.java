package dev.weft.room;

import java.util.LinkedHashSet;
import java.util.Set;

/** Remembers of which rooms something was said, the last thousand of them. Thread-safe. */
final class OncePerRoom {
    private static final int REMEMBERED = 1000;

    // Guarded by this.
    private final Set<String> rooms = new LinkedHashSet<>();

    /** Whether this is the first time for the room, as far as is remembered. */
    synchronized boolean isFirst(String room) {
        if (!rooms.add(room)) {
            return false;
        }
        if (rooms.size() > REMEMBERED) {
            rooms.remove(rooms.iterator().next());
        }
        return true;
    }
}
