package dev.weft.server;

import dev.weft.room.EntryId;
import dev.weft.yjs.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One read of the room for all who join while it lasts, with what happens in the room meanwhile. It begins after the room was subscribed;
 * so snapshot and held messages together have no gap. Owns its buffers. Confined to the room's home.
 */
final class SharedRead {
    private final long maxHeldBytes;
    private final List<Held> held = new ArrayList<>();
    private long heldBytes;
    private boolean closed;

    /** Wait for the snapshot. */
    final List<Joiner> waiting = new ArrayList<>();
    /** Wait for the sync step 2 with the whole document. */
    final List<Joiner> waitingForWhole = new ArrayList<>();
    /** How many answers are being made from it. */
    int serving;

    private @Nullable Snapshot snapshot;
    private @Nullable ByteBuf wholeDocument;
    private @Nullable ByteBuf presence;
    private @Nullable ByteBuf question;

    SharedRead(long maxHeldBytes) {
        this.maxHeldBytes = maxHeldBytes;
    }

    /** Whether the room's messages since the read began are all here. */
    boolean isComplete() {
        return !closed;
    }

    /**
     * Keeps a message for those who join, unless that would be too much; the read is then not complete any more.
     *
     * @param id null for presence
     * @param frame retained here
     */
    void hold(@Nullable EntryId id, ByteBuf frame) {
        if (closed) {
            return;
        }
        heldBytes += frame.readableBytes();
        if (heldBytes > maxHeldBytes) {
            close();
            return;
        }
        held.add(new Held(id, frame.retainedDuplicate()));
    }

    void loaded(Snapshot read, ByteBufAllocator allocator) {
        snapshot = read;
        if (closed) {
            return;
        }
        presence = read.presence().isEmpty()
                ? null
                : Frames.binary(allocator, new Message.Awareness(read.presence()).encode());
        question = Frames.binary(allocator, new Message.SyncStep1(read.stateVector()).encode());
    }

    @Nullable
    Snapshot snapshot() {
        return snapshot;
    }

    /** The sync step 2 with the whole document, if it has been made; the caller owns what it gets. */
    @Nullable
    ByteBuf wholeDocument() {
        return wholeDocument == null ? null : wholeDocument.retainedDuplicate();
    }

    /** Keeps the sync step 2 with the whole document for those who come next. Takes it over. */
    void wholeDocument(ByteBuf step2) {
        if (closed || wholeDocument != null) {
            step2.release();
        } else {
            wholeDocument = step2;
        }
    }

    /**
     * What a client gets who was not live: the sync step 2, who is there, our sync step 1 for those who may write, and what happened since.
     *
     * @param step2 becomes part of the result
     */
    List<ByteBuf> answer(ByteBuf step2, EntryId upTo, boolean mayWrite) {
        List<ByteBuf> frames = new ArrayList<>(held.size() + 3);
        frames.add(step2);
        if (presence != null) {
            frames.add(presence.retainedDuplicate());
        }
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

    /** Releases all buffers. Idempotent. */
    void close() {
        closed = true;
        held.forEach(message -> message.frame.release());
        held.clear();
        wholeDocument = released(wholeDocument);
        presence = released(presence);
        question = released(question);
    }

    private static @Nullable ByteBuf released(@Nullable ByteBuf buffer) {
        if (buffer != null) {
            buffer.release();
        }
        return null;
    }

    private record Held(@Nullable EntryId id, ByteBuf frame) {}
}
