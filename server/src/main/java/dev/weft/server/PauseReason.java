package dev.weft.server;

/** Why a connection's socket is not read for now. */
enum PauseReason {
    /** The upgrade is being decided, or the pipeline is being rebuilt. */
    UPGRADE(1),
    /** Too much of the client's is on its way to Redis. */
    IN_FLIGHT(2),
    /** Too much of the client's waits to be checked. */
    UNCHECKED(4),
    /** The connection is about to be closed. */
    CLOSING(8);

    private final int bit;

    PauseReason(int bit) {
        this.bit = bit;
    }

    /** Stands for it in a set of reasons. */
    int bit() {
        return bit;
    }
}
