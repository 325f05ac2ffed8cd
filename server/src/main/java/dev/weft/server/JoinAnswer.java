package dev.weft.server;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a sync step 1: what the client lacks, as updates and last a sync step 2, with other frames before and behind that one.
 * Owns all of them. Confined to the connection's loop.
 */
final class JoinAnswer implements Answer {
    private final SharedFrames document;
    private final Queue<ByteBuf> before;
    private final Queue<ByteBuf> after;
    private final Runnable onClose;
    private int next;
    private boolean closed;

    /**
     * @param document owned by this from here on, once
     * @param before what goes out just before the sync step 2; owned by this
     * @param after what follows it; owned by this
     * @param onClose called once, when nothing more will be taken
     */
    JoinAnswer(SharedFrames document, List<ByteBuf> before, List<ByteBuf> after, Runnable onClose) {
        this.document = document;
        this.before = new ArrayDeque<>(before);
        this.after = new ArrayDeque<>(after);
        this.onClose = onClose;
    }

    @Override
    public @Nullable ByteBuf next() {
        if (closed) {
            return null;
        }
        int last = document.count() - 1;
        if (next == last && !before.isEmpty()) {
            return before.remove();
        }
        return next <= last ? document.frame(next++) : after.poll();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        before.forEach(ByteBuf::release);
        before.clear();
        after.forEach(ByteBuf::release);
        after.clear();
        document.release();
        onClose.run();
    }
}
