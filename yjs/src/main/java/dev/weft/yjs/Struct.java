package dev.weft.yjs;

/** A range of clocks of one client in a document: an {@link Item}, or a {@link GcStruct} where one was collected. */
abstract sealed class Struct permits Item, GcStruct {
    /** All structs of this one's client. */
    final ClientStructs owner;

    long clock;
    long length;

    Struct(ClientStructs owner, long clock, long length) {
        this.owner = owner;
        this.clock = clock;
        this.length = length;
    }

    /** The clock after the last one. */
    final long end() {
        return clock + length;
    }

    abstract boolean isDeleted();

    /** Appends this struct in encoding V1, without its first {@code offset} clocks. */
    abstract void write(Output out, long offset);
}
