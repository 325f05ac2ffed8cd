package dev.weft.room;

/** A node's subscription to one room. */
public interface RoomSubscription extends AutoCloseable {
    /** The room. */
    RoomName room();

    /** Ends it; nothing is delivered after the call returns. Idempotent; does not block. */
    @Override
    void close();
}
