package dev.weft.worker;

import dev.weft.room.RoomName;

/** A stored version of a document is no update. Nothing that Weft stored is; somebody wrote it by hand, or the storage is damaged. */
final class MalformedVersionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedVersionException(RoomName room, Throwable cause) {
        super("a stored version of room '" + room.value() + "' is malformed: " + cause.getMessage(), cause);
    }
}
