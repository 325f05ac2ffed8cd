package dev.weft.server;

/** Why a connection's socket is not read for now. */
enum PauseReason {
    /** The upgrade is being decided, or the pipeline is being rebuilt. */
    UPGRADE,
    /** Too much of the client's is on its way to Redis. */
    IN_FLIGHT,
    /** Too much of the client's waits to be checked. */
    UNCHECKED,
    /** The connection is about to be closed. */
    CLOSING
}
