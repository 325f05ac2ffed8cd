package dev.weft.room;

/** The room was erased, and nothing is appended to it. */
public final class RoomErasedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RoomErasedException() {
        super("the room was erased", null, false, false);
    }
}
