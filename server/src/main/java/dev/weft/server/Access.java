package dev.weft.server;

/** What a user may do in a room. */
enum Access {
    READ_WRITE,
    /** Sees everything and is seen, but changes nothing. */
    READ_ONLY
}
