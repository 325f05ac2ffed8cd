package dev.weft.yjs;

/** How the values of embeds and of formatting stand in an update that is laid out as in encoding V1: each in a buffer. */
enum Embeds {
    /** As JSON, as in V1. */
    JSON,
    /**
     * As lib0 {@code any}, as in V2: for updates that come from V2 and go back to it. JSON would lose what it does not know:
     * {@code undefined}, bytes, the sign of zero.
     */
    ANY
}
