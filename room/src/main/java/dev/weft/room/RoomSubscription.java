package dev.weft.room;

/** A node's subscription to one room. */
public interface RoomSubscription extends AutoCloseable {
    /** The room. */
    RoomName room();

    /** Where the stream ended when this began: entries up to this one are not delivered, all after it are. Not before it is ready. */
    EntryId after();

    /** Ends it; nothing is delivered after the call returns. Idempotent; does not block. */
    @Override
    void close();
}
