package dev.weft.chaos;

/** A document lacks something that a server had sent to somebody. */
final class LossException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String room;
    private final transient byte[] promised;
    private final transient byte[] found;

    LossException(String room, byte[] promised, byte[] found) {
        super("room " + room + " has lost updates that were echoed");
        this.room = room;
        this.promised = promised;
        this.found = found;
    }

    String room() {
        return room;
    }

    /** As one update, all that must be there. */
    byte[] promised() {
        return promised;
    }

    byte[] found() {
        return found;
    }
}
