package dev.weft.server;

import dev.weft.room.EntryId;
import dev.weft.room.RoomHead;
import dev.weft.room.RoomName;
import dev.weft.storage.Inventory;
import dev.weft.yjs.StateVector;
import dev.weft.yjs.UpdatePlan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers sync steps 1: a join, or a later one of a client that is live already. Those who ask while a read is under way, or answers made of
 * it are, share it, and those among them who have the same share one set of frames. What happens in the room from the read's begin is held
 * and follows the answer, and from there on the client is live. If too much is held, the read is given up, and who still waits for something
 * of it has another one begun. Confined to the room's home.
 */
final class Joins {
    private static final int MAX_ATTEMPTS = 4;
    private static final long HOME_SECONDS = 30;
    /** How long what was read in advance is kept for a client that was let in and says nothing. */
    private static final long EXPECTED_SECONDS = 3;

    private final RoomName room;
    private final EventLoop home;
    private final Node node;
    private final ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;

    /** All reads that are not done. Mostly none or one. */
    private final List<SharedRead> reads = new ArrayList<>(1);
    /** The one for those who come now. */
    private @Nullable SharedRead current;

    private boolean ended;

    Joins(RoomName room, EventLoop home, Node node) {
        this.room = room;
        this.home = home;
        this.node = node;
    }

    /** The room is about to be subscribed for its first client: what happens from now on is held for him. */
    void expect() {
        open();
    }

    private SharedRead open() {
        SharedRead read = new SharedRead(node.limits().backlogBytes());
        reads.add(read);
        current = read;
        return read;
    }

    /**
     * The room is subscribed, and was read before anybody could join it.
     *
     * @param head null if that is not all of it
     */
    void opened(@Nullable RoomHead head, Inventory inventory) {
        SharedRead read = current;
        if (read == null || !read.isExpected()) {
            return;
        }
        Opening opening = head == null ? null : node.reader().opening(head, inventory);
        if (opening == null) {
            end(read);
        } else {
            read.opened(opening, home.schedule(() -> expired(read), EXPECTED_SECONDS, TimeUnit.SECONDS));
        }
    }

    private void expired(SharedRead read) {
        if (read.isExpected()) {
            end(read);
        }
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
        return !reads.isEmpty();
    }

    /** @param frame retained where it is needed */
    void hold(@Nullable EntryId id, ByteBuf frame) {
        if (reads.isEmpty()) {
            return;
        }
        // A copy: a read that is given up is taken out, and another one begun, which need not hold this one.
        for (SharedRead read : reads.toArray(new SharedRead[0])) {
            if (!read.hold(id, frame)) {
                startAgain(end(read));
            }
        }
    }

    /** Forgets all who wait. */
    void end() {
        ended = true;
        for (SharedRead read : reads.toArray(new SharedRead[0])) {
            end(read);
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
        Snapshot snapshot = read == null ? null : read.snapshot();
        if (read != null && snapshot != null && snapshot.canServe(joiner.have())) {
            serve(read, snapshot, joiner, false);
        } else {
            if (read == null || snapshot != null) {
                read = open();
            }
            // Before it begins: what he has decides what is loaded.
            read.await(joiner);
            if (read.isExpected()) {
                begin(read);
            }
        }
    }

    /** Where nothing has to be loaded, what was read in advance is all there is to read. */
    private void begin(SharedRead read) {
        Opening opening = read.begin();
        Snapshot snapshot;
        try {
            snapshot = opening == null ? null : node.reader().readOpening(room, opening, read.haves());
        } catch (RuntimeException | OutOfMemoryError e) {
            failed(read, e);
            return;
        }
        if (snapshot == null) {
            node.blocking().execute(() -> read(read, opening));
        } else {
            loaded(read, snapshot);
        }
    }

    private void read(SharedRead read, @Nullable Opening opening) {
        try {
            Snapshot snapshot = node.reader().read(room, audience(read), opening);
            if (snapshot != null && !atHome(() -> loaded(read, snapshot))) {
                snapshot.memory().release();
            }
        } catch (RoomReader.NoRoomException e) {
            node.log().warn("joins wait for memory for too long", "room " + room.value() + ": " + e.getMessage());
            atHome(() -> failed(read, "overloaded"));
        } catch (Exception | OutOfMemoryError e) {
            atHome(() -> failed(read, e));
        }
    }

    private RoomReader.Audience audience(SharedRead read) {
        return new RoomReader.Audience() {
            @Override
            public Collection<StateVector> haves() {
                return read.haves();
            }

            @Override
            public boolean pause() {
                return askHome(() -> {
                    read.pause();
                    return isWanted(read);
                });
            }

            @Override
            public boolean resume() {
                return askHome(() -> {
                    read.resume();
                    return isWanted(read);
                });
            }
        };
    }

    /** Whether somebody still waits for a read; if not, it is over. */
    private boolean isWanted(SharedRead read) {
        if (!read.isClosed() && !read.isAwaited()) {
            end(read);
        }
        return !read.isClosed();
    }

    private void loaded(SharedRead read, Snapshot snapshot) {
        if (read.isClosed()) {
            snapshot.memory().release();
            return;
        }
        read.loaded(snapshot, allocator);
        List<Joiner> waiting = read.takeWaiting();
        for (Joiner joiner : waiting) {
            if (!joiner.member().present) {
                continue;
            }
            if (snapshot.canServe(joiner.have())) {
                serve(read, snapshot, joiner, waiting.size() > 1);
            } else {
                // It came when it had been decided what to load.
                current = current == read ? null : current;
                start(joiner);
            }
        }
        endIfDone(read);
    }

    private void failed(SharedRead read, Throwable cause) {
        node.log().warn("a room could not be read", "room " + room.value() + ": " + cause);
        failed(read, "the document cannot be read now");
    }

    private void failed(SharedRead read, String detail) {
        end(read).forEach(joiner -> fail(joiner, detail));
    }

    private void fail(Joiner joiner, String detail) {
        node.metrics().joinFailed();
        Member member = joiner.member();
        member.fanOut.close(member.connection, CloseReason.TRY_AGAIN, detail);
    }

    /** @param more whether others are being served who may need the same */
    private void serve(SharedRead read, Snapshot snapshot, Joiner joiner, boolean more) {
        StateVector have = snapshot.contents().knownTo(joiner.have());
        Difference difference = read.difference(have);
        if (difference == null) {
            difference = new Difference(have);
            difference.waiting.add(joiner);
            read.add(difference);
            make(read, snapshot, difference);
            return;
        }
        SharedFrames frames = difference.frames();
        if (frames == null) {
            difference.waiting.add(joiner);
        } else {
            deliver(read, snapshot, difference, frames, joiner, more);
        }
    }

    private void make(SharedRead read, Snapshot snapshot, Difference difference) {
        if (snapshot.isQuick(difference.have)) {
            List<UpdatePlan> pieces = snapshot.loadedDifference(difference.have);
            if (pieces != null) {
                made(read, snapshot, difference, new SharedFrames(pieces, allocator, snapshot.memory()));
                return;
            }
        }
        snapshot.memory().retain();
        node.blocking().execute(() -> makeElsewhere(read, snapshot, difference));
    }

    private void makeElsewhere(SharedRead read, Snapshot snapshot, Difference difference) {
        try {
            List<UpdatePlan> pieces = snapshot.difference(difference.have, node.backend());
            if (pieces == null) {
                atHome(() -> startAgain(end(read)));
                return;
            }
            SharedFrames frames = new SharedFrames(pieces, allocator, snapshot.memory());
            if (!atHome(() -> made(read, snapshot, difference, frames))) {
                frames.release();
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            node.log().warn("a difference could not be made", "room " + room.value() + ": " + e);
            atHome(() -> failed(read, "the document cannot be read now"));
        } finally {
            snapshot.memory().release();
        }
    }

    private void made(SharedRead read, Snapshot snapshot, Difference difference, SharedFrames frames) {
        if (read.isClosed()) {
            frames.release();
            return;
        }
        difference.frames(frames);
        List<Joiner> waiting = List.copyOf(difference.waiting);
        difference.waiting.clear();
        waiting.forEach(joiner -> deliver(read, snapshot, difference, frames, joiner, waiting.size() > 1));
        endIfDone(read);
    }

    /** @param more whether others get the same now */
    private void deliver(
            SharedRead read,
            Snapshot snapshot,
            Difference difference,
            SharedFrames frames,
            Joiner joiner,
            boolean more) {
        Member member = joiner.member();
        if (!member.present) {
            return;
        }
        List<ByteBuf> before = List.of();
        List<ByteBuf> after = List.of();
        boolean joins = !member.live;
        if (joins) {
            member.live = true;
            before = read.before();
            after = read.after(snapshot.upTo(), member.connection.visitor().mayWrite());
        }
        Delivery delivery = new Delivery(member);
        JoinAnswer answer = new JoinAnswer(
                read.framesOf(difference, frames, more),
                before,
                after,
                () -> atHome(() -> delivered(read, difference, delivery)));
        if (frames.count() > 1) {
            Sockets.later(home, node.joins().timeout().toMillis(), () -> cutOff(delivery));
        }
        node.metrics().joined(node.clock().nanoTime() - joiner.since(), frames.bytes());
        member.fanOut.goLive(member.connection, answer, joins ? snapshot.contents() : null);
        member.joining = false;
        StateVector next = member.next;
        member.next = null;
        if (next != null) {
            join(member, next);
        }
    }

    /** An answer that is on its way. */
    private static final class Delivery {
        private @Nullable Member member;

        private Delivery(Member member) {
            this.member = member;
        }
    }

    private void delivered(SharedRead read, Difference difference, Delivery delivery) {
        delivery.member = null;
        difference.sending--;
        endIfDone(read);
    }

    /** Who takes so long holds memory that others wait for. What the client has got by now it keeps, and comes again for the rest. */
    private void cutOff(Delivery delivery) {
        Member member = delivery.member;
        if (member != null && member.present) {
            member.fanOut.close(member.connection, CloseReason.TOO_SLOW, "its document was under way for JOIN_TIMEOUT");
        }
    }

    private void endIfDone(SharedRead read) {
        if (read.isClosed()) {
            return;
        }
        read.forgetUnneeded();
        if (read.isDone()) {
            end(read);
        }
    }

    /** @return those who still wait for something of it */
    private List<Joiner> end(SharedRead read) {
        reads.remove(read);
        current = current == read ? null : current;
        return read.close();
    }

    private void startAgain(List<Joiner> joiners) {
        joiners.forEach(joiner -> start(joiner.again()));
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

    /** Asks on the home and waits for the answer; no, if the server has stopped. */
    private boolean askHome(BooleanSupplier question) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        if (!atHome(() -> answer.complete(question.getAsBoolean()))) {
            return false;
        }
        try {
            return answer.get(HOME_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }
}
