package dev.weft.server;

import dev.weft.room.AssembledDocument;
import dev.weft.room.EntryId;
import dev.weft.room.RoomListener;
import dev.weft.room.RoomName;
import dev.weft.room.RoomSubscription;
import dev.weft.yjs.AwarenessState;
import dev.weft.yjs.Message;
import dev.weft.yjs.Updates;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A Redis and storage in memory, for one room, that do what a test tells them: at once, later, or not at all. Thread-safe. */
final class FakeBackend implements RoomBackend {
    /** One append as it was asked for. */
    record Append(byte[] update, CompletableFuture<EntryId> taken) {}

    final List<Append> appends = new CopyOnWriteArrayList<>();
    final List<RoomListener> listeners = new CopyOnWriteArrayList<>();
    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger ended = new AtomicInteger();

    /** What was published, call by call. */
    final List<List<AwarenessState>> presence = new CopyOnWriteArrayList<>();

    final Deque<CompletableFuture<Void>> presenceTaken = new ConcurrentLinkedDeque<>();

    /** Whether presence waits in {@link #presenceTaken}. */
    volatile boolean holdPresence;

    /** Whether appends wait for {@link #take}. */
    volatile boolean holdAppends;

    /** What {@link #compute} throws. */
    volatile @Nullable RuntimeException computeFailure;

    volatile boolean failSubscriptions;
    volatile boolean failReads;
    volatile boolean healthy = true;
    volatile CountDownLatch readGate = new CountDownLatch(0);
    volatile CountDownLatch computeGate = new CountDownLatch(0);

    private final List<byte[]> stream = new ArrayList<>();

    @Override
    public CompletionStage<EntryId> append(RoomName room, byte[] update) {
        Append append = new Append(update, new CompletableFuture<>());
        appends.add(append);
        if (!holdAppends) {
            take(append);
        }
        return append.taken;
    }

    /** Adds it to the stream, tells the room, and completes it. */
    void take(Append append) {
        append.taken.complete(write(append.update));
    }

    /** As another node does. */
    EntryId write(byte[] update) {
        EntryId id;
        synchronized (this) {
            stream.add(update);
            id = new EntryId(stream.size(), 0);
            listeners.forEach(listener -> listener.onUpdate(id, new Message.Update(update).encode()));
        }
        return id;
    }

    @Override
    public CompletionStage<RoomSubscription> subscribe(RoomName room, RoomListener listener) {
        if (failSubscriptions) {
            return CompletableFuture.failedFuture(new IllegalStateException("Redis is away"));
        }
        listeners.add(listener);
        return CompletableFuture.completedFuture(new RoomSubscription() {
            @Override
            public RoomName room() {
                return room;
            }

            @Override
            public void close() {
                listeners.remove(listener);
                ended.incrementAndGet();
            }
        });
    }

    @Override
    public CompletionStage<Void> publishAwareness(RoomName room, List<AwarenessState> states) {
        presence.add(states);
        if (holdPresence) {
            CompletableFuture<Void> taken = new CompletableFuture<>();
            presenceTaken.add(taken);
            return taken;
        }
        listeners.forEach(listener -> listener.onAwareness(new Message.Awareness(states).encode()));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<List<AwarenessState>> awareness(RoomName room) {
        return CompletableFuture.completedFuture(List.of());
    }

    /** The stream as it is when the read begins. */
    @Override
    public AssembledDocument assemble(RoomName room) {
        List<byte[]> read;
        synchronized (this) {
            read = new ArrayList<>(stream);
        }
        CountDownLatch gate = readGate;
        reads.incrementAndGet();
        pass(gate);
        if (failReads) {
            throw new IllegalStateException("storage is away");
        }
        byte[] document = read.isEmpty() ? Updates.empty() : Updates.merge(read);
        return new AssembledDocument(document, new EntryId(read.size(), 0), List.of(), read.size());
    }

    @Override
    public boolean isErased(RoomName room) {
        return false;
    }

    @Override
    public <T> T compute(Callable<T> computation) {
        pass(computeGate);
        RuntimeException failure = computeFailure;
        if (failure != null) {
            throw failure;
        }
        try {
            return computation.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pass(CountDownLatch gate) {
        try {
            if (!gate.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the test never opened the gate");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean isHealthy() {
        return healthy;
    }
}
