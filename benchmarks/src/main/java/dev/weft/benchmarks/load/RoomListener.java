package dev.weft.benchmarks.load;

import io.netty.buffer.ByteBuf;

/** What a scenario looks at. Called on the client's event loop; bytes are lent for the call. By default nothing is looked at. */
interface RoomListener {
    /** One that looks at nothing. */
    RoomListener NONE = new RoomListener() {};

    /** An update, or a sync step 2. */
    default void update(boolean step2, Cursor update) {}

    /** Some of an update that is too long to be held together. */
    default void updatePart(boolean step2, ByteBuf bytes, int from, int length, boolean first, boolean last) {}

    /** The payload of an awareness message. */
    default void awareness(Cursor payload) {}
}
