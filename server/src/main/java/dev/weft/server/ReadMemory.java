package dev.weft.server;

import dev.weft.room.MemoryBudget;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.ReferenceCounted;

/** The share of memory that a read of a room has, given back by the last of those who hold something of what was read. Thread-safe. */
final class ReadMemory extends AbstractReferenceCounted {
    private final MemoryBudget.Share share;

    /** @param share owned by this from here on */
    ReadMemory(MemoryBudget.Share share) {
        this.share = share;
    }

    @Override
    protected void deallocate() {
        share.close();
    }

    @Override
    public ReferenceCounted touch(Object hint) {
        return this;
    }
}
