package dev.weft.server;

import dev.weft.room.EntryId;
import dev.weft.yjs.Message;
import dev.weft.yjs.StateVector;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * One read of the room for all who join while it lasts, with what happens in the room meanwhile. It begins after the room was subscribed;
 * so snapshot and held messages together have no gap. It lasts until the last answer made of it has been taken. Owns its buffers and its
 * snapshot. Confined to the room's home.
 */
final class SharedRead {
    private final long maxHeldBytes;
    private final List<Held> held = new ArrayList<>();
    private final Queue<StateVector> haves = new ConcurrentLinkedQueue<>();
    private final List<Joiner> waiting = new ArrayList<>(1);
    private final Map<StateVector, Difference> differences = HashMap.newHashMap(1);
    private long heldBytes;
    private boolean closed;
    private boolean paused;
    private boolean expected = true;
    private @Nullable Opening opening;
    private @Nullable ScheduledFuture<?> expiry;
    /** One difference at most has its frames kept: the memory is reckoned so. */
    private @Nullable Difference kept;

    private @Nullable Snapshot snapshot;
    private @Nullable ByteBuf presence;
    private @Nullable ByteBuf question;

    /** It only holds what happens, until it {@linkplain #begin begins}. */
    SharedRead(long maxHeldBytes) {
        this.maxHeldBytes = maxHeldBytes;
    }

    /** Whether it has not begun: nobody has come yet. */
    boolean isExpected() {
        return expected && !closed;
    }

    /**
     * Part of it has been done before anybody came.
     *
     * @param part owned by this from here on
     * @param end what ends this if nobody comes
     */
    void opened(Opening part, ScheduledFuture<?> end) {
        opening = part;
        expiry = end;
    }

    /** Somebody has come. @return what has been done of it, for the caller to own; null if nothing has */
    @Nullable
    Opening begin() {
        Opening part = opening;
        forgetOpening();
        expected = false;
        return part;
    }

    private void forgetOpening() {
        opening = null;
        if (expiry != null) {
            expiry.cancel(false);
            expiry = null;
        }
    }

    boolean isClosed() {
        return closed;
    }

    /**
     * Keeps a message for those who join.
     *
     * @param id null for presence
     * @param frame retained here
     * @return false if that would be too much: what happened since the read began is then not all here any more
     */
    boolean hold(@Nullable EntryId id, ByteBuf frame) {
        if (paused || closed) {
            return true;
        }
        heldBytes += frame.readableBytes();
        if (heldBytes > maxHeldBytes) {
            return false;
        }
        held.add(new Held(id, frame.retainedDuplicate()));
        return true;
    }

    /** It has to wait for its turn. Nothing is held meanwhile. */
    void pause() {
        paused = true;
        releaseHeld();
    }

    /** It begins anew. */
    void resume() {
        paused = false;
    }

    /** Joins those who wait for the snapshot. */
    void await(Joiner joiner) {
        waiting.add(joiner);
        haves.add(joiner.have());
    }

    /** What those have who waited for the snapshot so far. May be read on any thread. */
    Collection<StateVector> haves() {
        return haves;
    }

    boolean isAwaited() {
        return waiting.stream().anyMatch(joiner -> joiner.member().present);
    }

    /** Those who wait for the snapshot; they wait no more. */
    List<Joiner> takeWaiting() {
        List<Joiner> taken = List.copyOf(waiting);
        waiting.clear();
        haves.clear();
        return taken;
    }

    /** @param read owned by this from here on */
    void loaded(Snapshot read, ByteBufAllocator allocator) {
        snapshot = read;
        presence = read.presence().isEmpty()
                ? null
                : Frames.binary(allocator, new Message.Awareness(read.presence()).encode());
        question =
                Frames.binary(allocator, new Message.SyncStep1(read.contents().stateVector()).encode());
    }

    @Nullable
    Snapshot snapshot() {
        return snapshot;
    }

    @Nullable
    Difference difference(StateVector have) {
        return differences.get(have);
    }

    void add(Difference difference) {
        differences.put(difference.have, difference);
    }

    /** The frames of a difference for one more client, who owns them; kept for the next one if there are others. */
    SharedFrames framesOf(Difference difference, SharedFrames frames, boolean more) {
        if (kept == null && (more || difference.sending > 0)) {
            kept = difference;
            frames.share();
        }
        difference.sending++;
        frames.retain();
        return frames;
    }

    /** One who got a difference needs it no more, or could not be given it. */
    void forgetUnneeded() {
        differences.values().removeIf(difference -> {
            if (difference.isNeeded()) {
                return false;
            }
            difference.release();
            kept = kept == difference ? null : kept;
            return true;
        });
        Snapshot read = snapshot;
        if (read != null && differences.values().stream().noneMatch(Difference::needsDocument)) {
            read.parts().drop();
        }
    }

    /** Whether nobody waits and nothing is on its way any more. */
    boolean isDone() {
        return snapshot != null && waiting.isEmpty() && differences.isEmpty();
    }

    /** What precedes the sync step 2 for a client who was not live: who is there. The caller owns it. */
    List<ByteBuf> before() {
        return presence == null ? List.of() : List.of(presence.retainedDuplicate());
    }

    /** What follows it: our sync step 1 for those who may write, and what happened since. The caller owns it. */
    List<ByteBuf> after(EntryId upTo, boolean mayWrite) {
        List<ByteBuf> frames = new ArrayList<>(held.size() + 1);
        if (mayWrite && question != null) {
            frames.add(question.retainedDuplicate());
        }
        for (Held message : held) {
            if (message.id == null || message.id.compareTo(upTo) > 0) {
                frames.add(message.frame.retainedDuplicate());
            }
        }
        return frames;
    }

    /** Releases everything. @return those who wait for something of it */
    List<Joiner> close() {
        List<Joiner> left = new ArrayList<>(takeWaiting());
        if (closed) {
            return left;
        }
        closed = true;
        releaseHeld();
        if (opening != null) {
            opening.share().close();
        }
        forgetOpening();
        for (Difference difference : differences.values()) {
            left.addAll(difference.waiting);
            difference.waiting.clear();
            difference.release();
        }
        differences.clear();
        presence = released(presence);
        question = released(question);
        if (snapshot != null) {
            snapshot.parts().drop();
            snapshot.memory().release();
        }
        return left;
    }

    private void releaseHeld() {
        held.forEach(message -> message.frame.release());
        held.clear();
        heldBytes = 0;
    }

    private static @Nullable ByteBuf released(@Nullable ByteBuf buffer) {
        if (buffer != null) {
            buffer.release();
        }
        return null;
    }

    private record Held(@Nullable EntryId id, ByteBuf frame) {}
}
