package dev.weft.room;

import java.util.Optional;

/** Where the first content of a room comes from. */
public interface SeedSource {
    /**
     * The content of a room that nobody has written to, as an update in encoding V1 that was checked; empty if there is none. Blocks, for no
     * longer than the limit given to {@link Rooms#seed}.
     *
     * @throws RuntimeException if that cannot be said now; the room stays empty then, and the next visitor's coming asks again
     */
    Optional<byte[]> seed(RoomName room);
}
