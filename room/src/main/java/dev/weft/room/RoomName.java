package dev.weft.room;

import dev.weft.storage.DocumentId;
import java.util.Objects;

/**
 * A room as the client calls it, percent-decoded once: any characters, slashes included.
 *
 * @param value not empty
 */
public record RoomName(String value) {
    public RoomName {
        Objects.requireNonNull(value);
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a room name has at least one character");
        }
    }

    /** The document that the room opens. */
    public DocumentId document() {
        return DocumentId.ofRoom(value);
    }
}
