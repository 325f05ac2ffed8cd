package dev.weft.room;

/**
 * An entry of a room's stream is not what it should be. Nothing that Weft appended is; an older implementation may have let it in. It must
 * not be trimmed, because it cannot be stored.
 */
public final class MalformedEntryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedEntryException(RoomName room, EntryId id, Throwable cause) {
        super("entry " + id + " of room '" + room.value() + "' is malformed: " + cause.getMessage(), cause);
    }
}
