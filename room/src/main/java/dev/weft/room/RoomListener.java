package dev.weft.room;

/**
 * Receives what happens in one room, in stream order and without gaps. Called on Redis client threads, one call at a time for a room: must
 * return quickly and never block. Arrays are owned by the listener.
 */
public interface RoomListener {
    /**
     * An entry of the stream, each once, in order.
     *
     * @param message the whole message as it goes to clients: {@code 00 02 vb(update)}
     */
    void onUpdate(EntryId id, byte[] message);

    /** Presence that changed: a whole message as it goes to clients, {@code 01 vb(…)}. */
    void onAwareness(byte[] message);

    /**
     * Entries may be missing that cannot be read again, or Redis may have lost entries (it was restarted or failed over): every client of the
     * room has to synchronise anew, both ways. Nothing more is delivered until the room is subscribed again.
     */
    void onBroken(String reason);

    /** The room was erased, with its document. Nothing more is delivered. */
    void onErased();
}
