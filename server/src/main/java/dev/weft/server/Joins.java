package dev.weft.server;

import dev.weft.room.EntryId;
import dev.weft.room.RoomName;
import dev.weft.yjs.Message;
import dev.weft.yjs.StateVector;
import dev.weft.yjs.Updates;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers sync steps 1: a join, or a later one of a client that is live already. Those who ask while a read is under way share it. What
 * happens in the room from the read's begin is held and follows the answer, and from there on the client is live. If too much is held, the
 * read is given up and another is begun. Confined to the room's home.
 */
final class Joins {
    private static final int MAX_ATTEMPTS = 4;
    /** Up to this size of a document an answer is a matter of microseconds. */
    private static final int ANSWERED_AT_ONCE = 16 << 10;

    private final RoomName room;
    private final EventLoop home;
    private final Node node;
    private final ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
    private @Nullable SharedRead current;
    private boolean ended;

    Joins(RoomName room, EventLoop home, Node node) {
        this.room = room;
        this.home = home;
        this.node = node;
    }

    /** One answer for each call, except that of several calls during an answer the last one counts. */
    void join(Member member, StateVector have) {
        if (ended || !member.present) {
            return;
        }
        if (member.joining) {
            member.next = have;
            return;
        }
        member.joining = true;
        start(new Joiner(member, have, node.clock().nanoTime(), 0));
    }

    /** Whether {@link #hold} has to be told what happens. */
    boolean isHolding() {
        return current != null;
    }

    /** @param frame retained where it is needed */
    void hold(@Nullable EntryId id, ByteBuf frame) {
        SharedRead read = current;
        if (read == null) {
            return;
        }
        read.hold(id, frame);
        if (!read.isComplete()) {
            current = null;
            List<Joiner> waiting = List.copyOf(read.waiting);
            read.waiting.clear();
            waiting.forEach(joiner -> start(joiner.again()));
        }
    }

    /** Forgets all who wait. */
    void end() {
        ended = true;
        if (current != null) {
            current.close();
            current = null;
        }
    }

    private void start(Joiner joiner) {
        if (ended || !joiner.member().present) {
            return;
        }
        if (joiner.attempt() >= MAX_ATTEMPTS) {
            fail(joiner, "the room is written faster than it can be read");
            return;
        }
        SharedRead read = current;
        if (read == null) {
            read = new SharedRead(node.limits().backlogBytes());
            current = read;
            SharedRead begun = read;
            node.blocking().execute(() -> read(begun));
        }
        if (read.snapshot() == null) {
            read.waiting.add(joiner);
        } else {
            serve(read, joiner, read.snapshot());
        }
    }

    private void read(SharedRead read) {
        try {
            Snapshot snapshot = Snapshot.read(room, node.backend());
            atHome(() -> loaded(read, snapshot));
        } catch (Exception e) {
            node.log().warn("a room could not be read", "room " + room.value() + ": " + e);
            atHome(() -> failed(read));
        }
    }

    private void loaded(SharedRead read, Snapshot snapshot) {
        read.loaded(snapshot, allocator);
        List<Joiner> waiting = List.copyOf(read.waiting);
        read.waiting.clear();
        // Counted all at once, or the first answer would end the read.
        read.serving++;
        waiting.forEach(joiner -> serve(read, joiner, snapshot));
        read.serving--;
        endIfDone(read);
    }

    private void failed(SharedRead read) {
        List<Joiner> waiting = List.copyOf(read.waiting);
        read.waiting.clear();
        read.close();
        if (current == read) {
            current = null;
        }
        waiting.forEach(joiner -> fail(joiner, "the document cannot be read now"));
    }

    private void fail(Joiner joiner, String detail) {
        node.metrics().joinFailed();
        Member member = joiner.member();
        member.fanOut.close(member.connection, CloseReason.TRY_AGAIN, detail);
    }

    private void serve(SharedRead read, Joiner joiner, Snapshot snapshot) {
        if (!joiner.member().present || !read.isComplete()) {
            start(joiner.again());
            return;
        }
        byte[] document = snapshot.document().update();
        read.serving++;
        if (document.length <= ANSWERED_AT_ONCE) {
            byte[] lacking = joiner.have().isEmpty() ? document : Updates.diff(document, joiner.have());
            deliver(read, joiner, snapshot, step2(lacking));
        } else if (joiner.have().isEmpty()) {
            serveWhole(read, joiner, snapshot);
        } else {
            node.blocking().execute(() -> differ(read, joiner, snapshot));
        }
    }

    /** All who lack the whole document get one buffer, made once, by the first one's task. */
    private void serveWhole(SharedRead read, Joiner joiner, Snapshot snapshot) {
        ByteBuf whole = read.wholeDocument();
        if (whole != null) {
            deliver(read, joiner, snapshot, whole);
            return;
        }
        read.waitingForWhole.add(joiner);
        if (read.waitingForWhole.size() == 1) {
            node.blocking().execute(() -> makeWhole(read, snapshot));
        }
    }

    private void makeWhole(SharedRead read, Snapshot snapshot) {
        try {
            ByteBuf made = step2(snapshot.document().update());
            if (!atHome(() -> deliverWhole(read, snapshot, made))) {
                made.release();
            }
        } catch (OutOfMemoryError e) {
            node.log().warn("no memory for a document", "room " + room.value() + ": " + e);
            atHome(() -> {
                List<Joiner> waiting = List.copyOf(read.waitingForWhole);
                read.waitingForWhole.clear();
                read.serving -= waiting.size();
                waiting.forEach(joiner -> fail(joiner, "overloaded"));
                endIfDone(read);
            });
        }
    }

    private void deliverWhole(SharedRead read, Snapshot snapshot, ByteBuf made) {
        List<Joiner> waiting = List.copyOf(read.waitingForWhole);
        read.waitingForWhole.clear();
        ByteBuf shared = made.retainedDuplicate();
        read.wholeDocument(made);
        waiting.forEach(joiner -> deliver(read, joiner, snapshot, shared.retainedDuplicate()));
        shared.release();
    }

    private void differ(SharedRead read, Joiner joiner, Snapshot snapshot) {
        try {
            byte[] difference = node.backend()
                    .compute(() -> Updates.diff(snapshot.document().update(), joiner.have()));
            ByteBuf step2 = step2(difference);
            if (!atHome(() -> deliver(read, joiner, snapshot, step2))) {
                step2.release();
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            node.log().warn("a difference could not be made", "room " + room.value() + ": " + e);
            atHome(() -> {
                fail(joiner, "overloaded");
                read.serving--;
                endIfDone(read);
            });
        }
    }

    private ByteBuf step2(byte[] update) {
        return Frames.binary(allocator, new Message.SyncStep2(update).encode());
    }

    private void deliver(SharedRead read, Joiner joiner, Snapshot snapshot, ByteBuf step2) {
        read.serving--;
        Member member = joiner.member();
        if (!member.present || ended) {
            step2.release();
        } else if (member.live) {
            member.fanOut.goLive(member.connection, Answer.of(List.of(step2)), null);
            answered(joiner);
        } else if (read.isComplete()) {
            member.live = true;
            List<ByteBuf> frames = read.answer(
                    step2,
                    snapshot.document().upTo(),
                    member.connection.visitor().mayWrite());
            member.fanOut.goLive(member.connection, Answer.of(frames), snapshot.contents());
            answered(joiner);
        } else {
            step2.release();
            start(joiner.again());
        }
        endIfDone(read);
    }

    private void answered(Joiner joiner) {
        node.metrics().joins().record(node.clock().nanoTime() - joiner.since(), TimeUnit.NANOSECONDS);
        Member member = joiner.member();
        member.joining = false;
        StateVector next = member.next;
        member.next = null;
        if (next != null) {
            join(member, next);
        }
    }

    /** A read ends with the last who needs it; the next one reads anew. */
    private void endIfDone(SharedRead read) {
        if (read.serving == 0 && read.waiting.isEmpty() && read.snapshot() != null) {
            read.close();
            if (current == read) {
                current = null;
            }
        }
    }

    private boolean atHome(Runnable task) {
        try {
            home.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            // The server has stopped.
            return false;
        }
    }
}
