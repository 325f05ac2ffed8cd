package dev.weft.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What one client is sent. As long as its socket takes what comes, frames go straight there. When it does not, they pile up here, and when it
 * takes more again they go out merged: as one update and one presence message, however many came. If more piles up than {@code
 * MAX_BACKLOG_BYTES}, the pile is merged where it lies; if that does not help, the client is too slow for its room.
 *
 * <p>Frames are shared with the other connections of the room, so a pile costs little but its place in a list, until it is merged. Answers to
 * sync steps 1 go first. They do not count: the socket pulls them, frame by frame. Small piles are merged at once, others on a thread meant
 * for it. Owns every buffer that it is given. Confined to the channel's event loop.
 */
final class Outbox {
    /** Merging goes through some 100 MB a second at the worst: up to this size it is a matter of microseconds. */
    static final int MERGED_AT_ONCE = 8 << 10;

    /** Netty's own: enough for a socket to be busy with, and little for each of many slow ones. */
    static final WriteBufferWaterMark WATER_MARKS = new WriteBufferWaterMark(32 << 10, 64 << 10);

    private final Channel channel;
    private final DirectSocket direct;
    private final Node node;
    private final Owner owner;
    private final boolean compressed;

    private long lastSent;
    private boolean closed;
    /** Skips every handler: frames are encoded already. Null until the first write. */
    private @Nullable ChannelHandlerContext wire;
    /** Null as long as the socket takes everything. */
    private @Nullable Waiting waiting;

    /** Whose client it is. */
    interface Owner {
        /** The client cannot be sent what it is owed; closes the outbox. */
        void cutOff(CloseReason reason, String detail);

        /** The last answer is on its way. */
        void answered();
    }

    /** @param compressed whether the client understands compressed frames */
    Outbox(Channel channel, Node node, Owner owner, boolean compressed) {
        this.channel = channel;
        this.direct = new DirectSocket(channel);
        this.node = node;
        this.owner = owner;
        this.compressed = compressed;
        lastSent = node.clock().nanoTime();
    }

    /** When a frame was last given to the socket. */
    long lastSent() {
        return lastSent;
    }

    /** Whether nothing waits, not even in the socket's buffer beyond its mark. */
    boolean isIdle() {
        return waiting == null && channel.isWritable();
    }

    /** Whether an answer is on its way. */
    boolean isAnswering() {
        return waiting != null && !waiting.answers.isEmpty();
    }

    /** @param frames whole WebSocket frames, released here */
    void send(ByteBuf frames) {
        if (isOver()) {
            frames.release();
        } else if (isIdle()) {
            write(frames);
            flush();
        } else {
            pile(frames);
        }
    }

    /** @param frames retained where they are needed */
    void send(Shared frames) {
        if (!isOver()) {
            sendOpen(frames);
        }
    }

    private void sendOpen(Shared frames) {
        if (!isIdle()) {
            // What piles up may have to be merged, for which it must not be compressed.
            pile(frames.plain().retainedDuplicate());
            return;
        }
        ByteBuf all = frames.frames(compressed);
        count(frames.messages(), all.readableBytes());
        int taken = direct.send(all);
        if (taken < all.readableBytes()) {
            enqueue(all.retainedDuplicate().skipBytes(taken));
            flush();
        }
    }

    /** Sends an answer, however large it is; what is sent meanwhile follows it. */
    void answer(Answer answer) {
        if (isOver()) {
            answer.close();
            return;
        }
        waiting().answers.add(answer);
        pump();
    }

    /** To be called when the socket may take more. */
    void pump() {
        Waiting queue = waiting;
        if (queue == null) {
            return;
        }
        boolean wrote = false;
        ByteBuf frames;
        while (channel.isWritable() && (frames = next(queue)) != null) {
            write(frames);
            wrote = true;
        }
        if (queue.isEmpty()) {
            waiting = null;
        }
        if (wrote) {
            flush();
        }
    }

    /** Drops what waits and what is still to come. */
    void close() {
        closed = true;
        if (waiting != null) {
            waiting.release();
            waiting = null;
        }
    }

    private boolean isOver() {
        return closed || !channel.isActive();
    }

    private Waiting waiting() {
        if (waiting == null) {
            waiting = new Waiting();
        }
        return waiting;
    }

    private void write(ByteBuf frames) {
        count(Frames.count(frames), frames.readableBytes());
        enqueue(frames);
    }

    private void count(int messages, int bytes) {
        lastSent = node.clock().nanoTime();
        node.metrics().messagesSent(messages, bytes);
    }

    private void enqueue(ByteBuf bytes) {
        if (wire == null) {
            wire = channel.pipeline().firstContext();
        }
        Sockets.enqueue(wire, bytes);
    }

    private void flush() {
        if (wire != null) {
            wire.flush();
        }
    }

    private void pile(ByteBuf frames) {
        Waiting queue = waiting();
        // Before these are added: a message that is larger than the limit alone has to pass too.
        if (queue.bytes > node.limits().backlogBytes()) {
            if (queue.merging || queue.ready.size() + queue.pile.size() < 2) {
                frames.release();
                owner.cutOff(CloseReason.TOO_SLOW, "more than MAX_BACKLOG_BYTES are waiting to be sent");
                return;
            }
            merge(queue, true);
        }
        if (waiting == queue) {
            queue.add(frames);
        } else {
            frames.release();
        }
    }

    private @Nullable ByteBuf next(Waiting queue) {
        ByteBuf frames = nextOfAnswers(queue);
        if (frames != null || closed) {
            return frames;
        }
        if (queue.ready.isEmpty() && queue.pile.size() > 1 && !queue.merging) {
            merge(queue, false);
        }
        return queue.take();
    }

    private @Nullable ByteBuf nextOfAnswers(Waiting queue) {
        Answer answer;
        while ((answer = queue.answers.peek()) != null) {
            ByteBuf frames;
            try {
                frames = answer.next();
            } catch (RuntimeException | OutOfMemoryError e) {
                node.log().warn("an answer broke off", String.valueOf(e));
                owner.cutOff(CloseReason.TRY_AGAIN, "the document cannot be sent now");
                return null;
            }
            if (frames != null) {
                return frames;
            }
            queue.answers.remove();
            answer.close();
            if (queue.answers.isEmpty()) {
                owner.answered();
            }
        }
        return null;
    }

    /** @param full whether it must become much less by that */
    private void merge(Waiting queue, boolean full) {
        List<ByteBuf> inputs = queue.takePile();
        node.metrics().pileMerged();
        if (queue.mergingBytes <= MERGED_AT_ONCE) {
            merged(queue, inputs, mergedOrNull(inputs), full);
            return;
        }
        try {
            node.blocking().execute(() -> mergeElsewhere(queue, inputs, full));
        } catch (RejectedExecutionException e) {
            merged(queue, inputs, null, full);
        }
    }

    private void mergeElsewhere(Waiting queue, List<ByteBuf> inputs, boolean full) {
        ByteBuf result = null;
        try {
            result = node.backend().compute(() -> mergedOrNull(inputs));
        } catch (RuntimeException e) {
            // Too much waits to be computed: they go as they are.
        }
        ByteBuf merged = result;
        try {
            channel.eventLoop().execute(() -> {
                merged(queue, inputs, merged, full);
                pump();
            });
        } catch (RejectedExecutionException e) {
            // The server has stopped.
            inputs.forEach(ByteBuf::release);
            if (merged != null) {
                merged.release();
            }
        }
    }

    private @Nullable ByteBuf mergedOrNull(List<ByteBuf> inputs) {
        try {
            return Pile.merged(channel.alloc(), inputs);
        } catch (OutOfMemoryError e) {
            node.log().warn("no memory to merge what waits for a slow client", String.valueOf(e));
            return null;
        }
    }

    private void merged(Waiting queue, List<ByteBuf> inputs, @Nullable ByteBuf result, boolean full) {
        queue.mergingBytes = 0;
        queue.merging = false;
        List<ByteBuf> results = inputs;
        if (result != null) {
            inputs.forEach(ByteBuf::release);
            results = List.of(result);
        }
        if (waiting != queue) {
            // It was closed meanwhile.
            results.forEach(ByteBuf::release);
            return;
        }
        queue.ready(results);
        // Less than half has to go, or it would be merged again for every few bytes.
        if (full && queue.bytes > node.limits().backlogBytes() / 2 && !channel.isWritable()) {
            owner.cutOff(
                    CloseReason.TOO_SLOW, "more than MAX_BACKLOG_BYTES are waiting to be sent, even as one update");
        }
    }

    /** What waits for the socket, in the order in which it goes. */
    private static final class Waiting {
        private final Deque<Answer> answers = new ArrayDeque<>(1);
        /** Goes as it is. */
        private final Deque<ByteBuf> ready = new ArrayDeque<>(1);

        private List<ByteBuf> pile = new ArrayList<>();
        /** In {@link #ready} and {@link #pile}. */
        private long bytes;

        private boolean merging;
        private long mergingBytes;

        private boolean isEmpty() {
            return answers.isEmpty() && ready.isEmpty() && pile.isEmpty() && !merging;
        }

        private void add(ByteBuf frames) {
            pile.add(frames);
            bytes += frames.readableBytes();
        }

        private void ready(List<ByteBuf> frames) {
            for (ByteBuf buffer : frames) {
                ready.add(buffer);
                bytes += buffer.readableBytes();
            }
        }

        /** The next to go; null if there is nothing, or it is being merged. */
        private @Nullable ByteBuf take() {
            ByteBuf next = ready.poll();
            if (next == null && !merging && !pile.isEmpty()) {
                next = pile.removeFirst();
            }
            if (next != null) {
                bytes -= next.readableBytes();
            }
            return next;
        }

        /** Everything, to be merged. */
        private List<ByteBuf> takePile() {
            List<ByteBuf> taken = new ArrayList<>(ready);
            taken.addAll(pile);
            ready.clear();
            pile = new ArrayList<>();
            merging = true;
            mergingBytes = bytes;
            bytes = 0;
            return taken;
        }

        private void release() {
            answers.forEach(Answer::close);
            answers.clear();
            ready.forEach(ByteBuf::release);
            ready.clear();
            pile.forEach(ByteBuf::release);
            pile.clear();
        }
    }
}
