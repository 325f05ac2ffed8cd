package dev.weft.server;

import dev.weft.room.EntryId;
import dev.weft.room.RoomHead;
import dev.weft.room.RoomListener;
import dev.weft.room.RoomName;
import dev.weft.room.RoomSubscription;
import dev.weft.storage.Inventory;
import dev.weft.yjs.AwarenessState;
import dev.weft.yjs.MalformedException;
import dev.weft.yjs.Message;
import dev.weft.yjs.StateVector;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A room as this node has it: from its first connection to its last.
 *
 * <p>A room's state is confined to one event loop, its home, and a connection's state to that of its channel; they speak to each other only
 * by tasks, which keep their order. Every public-to-the-package method may be called on any thread and is such a task.
 */
final class Room implements RoomListener {
    /** Bytes between Redis and the connections' queues, beside two messages of the greatest size: more means that this node cannot keep up. */
    private static final long MAX_IN_TRANSIT = 64L << 20;

    private final RoomName name;
    private final EventLoop home;
    private final Node node;
    private final RoomRegistry registry;
    private final CompletableFuture<Room> ready = new CompletableFuture<>();
    private final AtomicLong inTransit = new AtomicLong();
    private final AtomicBoolean overrun = new AtomicBoolean();

    /** Guarded by the registry. */
    int holders;
    /** How many are on their way to the home, to enter there. Guarded by the registry. */
    int arriving;

    // Confined to home.
    private final Map<Connection, Member> members = new HashMap<>();
    private final Map<EventLoop, FanOut> fanOuts = new HashMap<>();
    private final Presence presence = new Presence();
    private final Joins joins;
    private final Arrivals arrivals;
    private final Broadcasts broadcasts;
    private final Announcements announcements;
    private @Nullable RoomSubscription subscription;
    private State state = State.NEW;
    /** How many members understand compressed frames. */
    private int compressed;

    private enum State {
        NEW,
        OPENING,
        OPEN,
        ENDED
    }

    Room(RoomName name, EventLoop home, Node node, RoomRegistry registry) {
        this.name = name;
        this.home = home;
        this.node = node;
        this.registry = registry;
        this.joins = new Joins(name, home, node);
        this.arrivals = new Arrivals(home, this::take);
        this.broadcasts = new Broadcasts(home, node, this::spread, inTransit, this::depart);
        this.announcements = new Announcements(name, home, node);
    }

    RoomName name() {
        return name;
    }

    EventLoop home() {
        return home;
    }

    /**
     * Completes when the room is subscribed and storage has been asked for it; with a {@link Refusal} if one of them failed or the document
     * was deleted for good. Dependents run on the home or on the calling thread.
     */
    CompletionStage<Room> ready() {
        return ready;
    }

    /**
     * Subscribes, if that has not been done, and asks storage whether there still is such a document. As that takes a way to Redis and one to
     * storage, the first client's join is read on them.
     */
    void open() {
        atHome(() -> {
            if (state == State.NEW) {
                state = State.OPENING;
                joins.expect();
                CompletionStage<RoomSubscription> subscribing = node.backend().subscribe(name, this);
                CompletionStage<Optional<RoomHead>> head = node.backend().head(name);
                subscribing.whenComplete((result, error) -> {
                    if (!atHome(() -> subscribed(result, error, head)) && result != null) {
                        result.close();
                    }
                });
            }
        });
    }

    private void subscribed(
            @Nullable RoomSubscription result, @Nullable Throwable error, CompletionStage<Optional<RoomHead>> head) {
        if (result == null) {
            refuse(Refusal.Kind.REDIS_UNAVAILABLE, "the room could not be subscribed", error);
        } else if (state == State.ENDED) {
            result.close();
        } else {
            subscription = result;
            // What could not be read now is read when somebody joins.
            head.whenComplete((found, failure) -> {
                // Read too early, it would leave a gap before what is delivered.
                RoomHead whole = found == null
                        ? null
                        : found.filter(read -> read.tail().upTo().compareTo(result.after()) >= 0)
                                .orElse(null);
                node.blocking().execute(() -> look(whole));
            });
        }
    }

    /** After the stream was read: what was trimmed from it before that is in storage. On a thread that may block. */
    private void look(@Nullable RoomHead head) {
        try {
            Inventory inventory = node.backend().inventory(name);
            atHome(() -> opened(head, inventory));
        } catch (RuntimeException e) {
            atHome(() -> refuse(Refusal.Kind.STORAGE_UNAVAILABLE, "storage does not answer", e));
        }
    }

    private void opened(@Nullable RoomHead head, Inventory inventory) {
        if (inventory.erasedAt().isPresent()) {
            refuse(Refusal.Kind.ERASED, "the document was deleted", null);
        } else if (state == State.OPENING) {
            state = State.OPEN;
            joins.opened(head, inventory);
            ready.complete(this);
            registry.endIfEmpty(this);
        }
    }

    private void refuse(Refusal.Kind kind, String reason, @Nullable Throwable cause) {
        if (cause != null) {
            node.log().warn("a room could not be opened, " + kind, "room " + name.value() + ": " + cause);
        }
        ready.completeExceptionally(new Refusal(kind, reason));
        breakUp(kind == Refusal.Kind.ERASED ? CloseReason.ERASED : CloseReason.SERVICE_RESTART, reason);
    }

    /** Makes a connection, whose place was taken with {@link RoomRegistry#enter}, one that {@link #join} and the others know. */
    void add(Connection connection) {
        atHome(() -> {
            FanOut fanOut = fanOuts.computeIfAbsent(
                    connection.loop(), loop -> new FanOut(loop, node, inTransit, this::leaveTaken));
            fanOut.members++;
            members.put(connection, new Member(connection, fanOut));
            compressed += connection.isCompressed() ? 1 : 0;
            if (state == State.ENDED) {
                fanOut.close(connection, CloseReason.SERVICE_RESTART, "the room has to synchronise anew");
            }
        });
    }

    /** @param announce whether the room is told that those have left who were there through this connection */
    void leave(Connection connection, boolean announce) {
        atHome(() -> {
            Member member = members.remove(connection);
            if (member == null) {
                return;
            }
            member.present = false;
            compressed -= connection.isCompressed() ? 1 : 0;
            member.fanOut.remove(connection);
            if (--member.fanOut.members == 0) {
                fanOuts.remove(member.fanOut.loop());
            }
            List<AwarenessState> left = presence.leave(connection);
            if (announce && !left.isEmpty()) {
                announcements.withdraw(left, node.rates().departureNanos(members.size()));
            }
            registry.leave(this);
        });
    }

    /** Answers a sync step 1. */
    void join(Connection connection, StateVector have) {
        atHome(() -> {
            Member member = members.get(connection);
            if (member != null) {
                joins.join(member, have);
            }
        });
    }

    /** Tells the room who a connection says is there. The stage completes when nothing more is to be waited for, even after a failure. */
    CompletionStage<Void> announce(Connection connection, List<AwarenessState> states) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        boolean accepted = atHome(() -> {
            Member member = members.get(connection);
            if (member == null || state == State.ENDED) {
                done.complete(null);
                return;
            }
            Presence.Brought brought = presence.brought(connection, states);
            node.metrics().stalePresence(states.size() - brought.news().size());
            if (!brought.corrections().isEmpty()) {
                Message correction = new Message.Awareness(brought.corrections());
                member.fanOut.send(connection, Frames.binary(ByteBufAllocator.DEFAULT, correction.encode()));
            }
            if (brought.news().isEmpty()) {
                done.complete(null);
            } else {
                announcements
                        .add(brought.news(), node.rates().presenceNanos(members.size()))
                        .thenAccept(done::complete);
            }
        });
        if (!accepted) {
            done.complete(null);
        }
        return done;
    }

    @Override
    public void onUpdate(EntryId id, byte[] message) {
        arrive(id, message);
    }

    @Override
    public void onAwareness(byte[] message) {
        arrive(null, message);
    }

    private void arrive(@Nullable EntryId id, byte[] message) {
        if (overrun.get()) {
            return;
        }
        if (inTransit.addAndGet(message.length)
                > MAX_IN_TRANSIT + 2L * node.limits().messageBytes()) {
            overrun.set(true);
            onBroken("this node cannot keep up with the room");
            return;
        }
        arrivals.add(id, message);
    }

    /** Takes what has arrived, and sends it on if it is time. */
    private void take() {
        orBreakUp(() -> {
            takeAll();
            broadcasts.settle(members.size());
            // While updates gather, nobody has to call: they are looked after when these leave.
            if (!broadcasts.isGatheringUpdates()) {
                arrivals.rest();
            }
        });
    }

    private void depart() {
        orBreakUp(() -> {
            takeAll();
            broadcasts.leave();
            arrivals.rest();
        });
    }

    /** What could not be passed on, for want of memory, would be a gap for those who stay, and the room would not be called again. */
    private void orBreakUp(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | OutOfMemoryError e) {
            node.log().warn("a room's messages could not be passed on", "room " + name.value() + ": " + e);
            arrivals.rest();
            breakUp(CloseReason.SERVICE_RESTART, "its messages could not be passed on");
        }
    }

    private void spread(List<byte[]> messages) {
        ByteBuf plain = Frames.binary(ByteBufAllocator.DEFAULT, messages);
        ByteBuf deflated = compressed > 0 && Deflation.pays(messages)
                ? Deflation.frames(ByteBufAllocator.DEFAULT, messages)
                : null;
        Shared frames = new Shared(plain, deflated, messages.size());
        for (FanOut fanOut : fanOuts.values()) {
            fanOut.broadcast(frames.retained(), plain.readableBytes() / fanOuts.size());
        }
        frames.release();
    }

    /** What was taken leaves now, but nothing more is taken: an answer that is about to be sent knows that much and no more. */
    private void leaveTaken() {
        orBreakUp(() -> {
            broadcasts.leave();
            arrivals.rest();
        });
    }

    private void takeAll() {
        Arrivals.Arrival arrival;
        while ((arrival = arrivals.poll()) != null) {
            if (state == State.ENDED || !take(arrival.id(), arrival.message())) {
                inTransit.addAndGet(-arrival.message().length);
            }
        }
    }

    private boolean take(@Nullable EntryId id, byte[] message) {
        if (joins.isHolding()) {
            ByteBuf frame = Frames.binary(ByteBufAllocator.DEFAULT, message);
            joins.hold(id, frame);
            frame.release();
        }
        if (id != null) {
            broadcasts.update(message);
            return true;
        }
        try {
            if (Message.decodeTrusted(message) instanceof Message.Awareness awareness) {
                presence.seen(awareness.states());
                broadcasts.presence(message, awareness.states());
                return true;
            }
        } catch (MalformedException e) {
            node.log().warn("malformed presence in Redis", "room " + name.value() + ": " + e.getMessage());
        }
        return false;
    }

    @Override
    public void onBroken(String reason) {
        atHome(() -> {
            node.log().warn("a room has to synchronise anew", "room " + name.value() + ": " + reason);
            breakUp(CloseReason.SERVICE_RESTART, reason);
        });
    }

    @Override
    public void onErased() {
        atHome(() -> breakUp(CloseReason.ERASED, "it cannot be opened any more"));
    }

    private void breakUp(CloseReason reason, String detail) {
        if (state == State.ENDED) {
            return;
        }
        registry.remove(this);
        for (Member member : members.values()) {
            member.fanOut.close(member.connection, reason, detail);
        }
        // Those who are about to come in.
        Refusal.Kind kind = reason == CloseReason.ERASED ? Refusal.Kind.ERASED : Refusal.Kind.REDIS_UNAVAILABLE;
        ready.completeExceptionally(new Refusal(kind, detail));
    }

    /** Called by the registry, on the home: nothing is delivered any more, and another room of this name may be subscribed. */
    void end() {
        if (state == State.ENDED) {
            return;
        }
        state = State.ENDED;
        announcements.flush();
        joins.end();
        if (subscription != null) {
            subscription.close();
            subscription = null;
        }
    }

    /** Whether it may end now; called by the registry, on the home. While it is being opened, it has to wait for that. */
    boolean mayEnd() {
        return holders == 0 && state != State.OPENING;
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
