package dev.weft.server;

import dev.weft.yjs.UpdatePlan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.ReferenceCounted;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pieces of a document as WebSocket frames, made one by one when they are first sent: update messages, and the last one a sync step 2.
 *
 * <p>While one client gets them, a frame is handed over and forgotten. As soon as they are {@linkplain #share() shared}, each is made once and
 * kept for all, and when all are made, the arrays that they were made of are not referred to any more. Thread-safe; owned by all who have
 * retained it.
 */
final class SharedFrames extends AbstractReferenceCounted {
    private final ByteBufAllocator allocator;
    private final ReadMemory memory;
    private final long bytes;
    // Guarded by this.
    private final @Nullable UpdatePlan[] plans;
    private final @Nullable ByteBuf[] frames;
    private int made;
    private boolean shared;

    /**
     * @param pieces at least one
     * @param memory retained here
     */
    SharedFrames(List<UpdatePlan> pieces, ByteBufAllocator allocator, ReadMemory memory) {
        this.allocator = allocator;
        this.memory = memory;
        memory.retain();
        plans = pieces.toArray(UpdatePlan[]::new);
        frames = new ByteBuf[plans.length];
        bytes = pieces.stream().mapToLong(UpdatePlan::size).sum();
    }

    /** How many frames there are. */
    int count() {
        return frames.length;
    }

    /** How many bytes all pieces have. */
    long bytes() {
        return bytes;
    }

    /** From here on frames are kept for others. */
    synchronized void share() {
        shared = true;
    }

    /** Whether frames are still to be made of a document's bytes. */
    synchronized boolean needsDocument() {
        return made < plans.length;
    }

    /** A whole WebSocket frame, owned by the caller. */
    synchronized ByteBuf frame(int i) {
        ByteBuf kept = frames[i];
        if (kept != null) {
            return kept.retainedDuplicate();
        }
        UpdatePlan plan = plans[i];
        if (plan == null) {
            throw new IllegalStateException("no frame " + i);
        }
        ByteBuf frame = i == plans.length - 1 ? Frames.step2(allocator, plan) : Frames.update(allocator, plan);
        if (!shared) {
            return frame;
        }
        frames[i] = frame;
        plans[i] = null;
        made++;
        return frame.retainedDuplicate();
    }

    @Override
    protected synchronized void deallocate() {
        for (int i = 0; i < frames.length; i++) {
            ByteBuf kept = frames[i];
            if (kept != null) {
                kept.release();
                frames[i] = null;
            }
            plans[i] = null;
        }
        memory.release();
    }

    @Override
    public ReferenceCounted touch(Object hint) {
        return this;
    }
}
