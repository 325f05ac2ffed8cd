package dev.weft.server;

import dev.weft.room.EntryId;
import dev.weft.room.RoomHead;
import dev.weft.room.RoomListener;
import dev.weft.room.RoomName;
import dev.weft.room.RoomOutline;
import dev.weft.room.RoomSubscription;
import dev.weft.room.StreamTail;
import dev.weft.storage.Inventory;
import dev.weft.storage.StorageException;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.VersionInfo;
import dev.weft.storage.VersionReference;
import dev.weft.yjs.AwarenessState;
import dev.weft.yjs.Message;
import dev.weft.yjs.Updates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    record Append(byte[] update, Thread by, CompletableFuture<EntryId> taken) {}

    final List<Append> appends = new CopyOnWriteArrayList<>();
    final List<RoomListener> listeners = new CopyOnWriteArrayList<>();
    final AtomicInteger reads = new AtomicInteger();
    /** Versions that were asked for. */
    final AtomicInteger loads = new AtomicInteger();

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

    /** From where on subscriptions are said to deliver. */
    volatile EntryId after = EntryId.ZERO;

    /** Whether a room is read before anybody joins it. */
    volatile boolean readsAhead;

    final AtomicInteger inventories = new AtomicInteger();
    volatile boolean failInventories;
    volatile @Nullable Instant erasedAt;

    volatile boolean failSubscriptions;
    volatile boolean failReads;
    volatile boolean failLoads;
    volatile boolean healthy = true;
    volatile CountDownLatch readGate = new CountDownLatch(0);
    volatile CountDownLatch loadGate = new CountDownLatch(0);
    volatile CountDownLatch computeGate = new CountDownLatch(0);

    private final List<byte[]> stream = new ArrayList<>();
    private final Map<VersionReference, byte[]> versions = new LinkedHashMap<>();
    private int stored;

    @Override
    public CompletionStage<EntryId> append(RoomName room, byte[] update) {
        Append append = new Append(update, Thread.currentThread(), new CompletableFuture<>());
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
            public EntryId after() {
                return after;
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

    /** Stores what is to be a version of every room. */
    VersionReference store(byte[] update) {
        synchronized (this) {
            VersionReference reference = new VersionReference("v" + stored++);
            versions.put(reference, update);
            return reference;
        }
    }

    void discard(VersionReference reference) {
        synchronized (this) {
            versions.remove(reference);
        }
    }

    /** The stream and the list as they are when the read begins. */
    @Override
    public RoomOutline outline(RoomName room) {
        RoomOutline outline;
        synchronized (this) {
            outline = new RoomOutline(tail(), list());
        }
        CountDownLatch gate = readGate;
        reads.incrementAndGet();
        pass(gate);
        if (failReads) {
            throw new IllegalStateException("storage is away");
        }
        return outline;
    }

    @Override
    public List<StoredVersion> load(RoomName room, Collection<VersionReference> references) {
        loads.addAndGet(references.size());
        pass(loadGate);
        if (failLoads) {
            throw new IllegalStateException("storage went away");
        }
        synchronized (this) {
            List<StoredVersion> loaded = new ArrayList<>();
            for (VersionReference reference : references) {
                byte[] update = versions.get(reference);
                if (update != null) {
                    loaded.add(new StoredVersion(reference, update.clone(), Updates.stateVector(update)));
                }
            }
            return loaded;
        }
    }

    @Override
    public CompletionStage<Optional<RoomHead>> head(RoomName room) {
        if (!readsAhead) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        synchronized (this) {
            return CompletableFuture.completedFuture(Optional.of(new RoomHead(tail(), List.of())));
        }
    }

    @Override
    public Inventory inventory(RoomName room) {
        inventories.incrementAndGet();
        if (readsAhead) {
            pass(readGate);
        }
        if (failInventories) {
            throw new StorageException("storage is away");
        }
        synchronized (this) {
            return new Inventory(list(), Optional.ofNullable(erasedAt));
        }
    }

    private StreamTail tail() {
        long bytes = stream.stream().mapToLong(update -> update.length).sum();
        return new StreamTail(new ArrayList<>(stream), new EntryId(stream.size(), 0), bytes);
    }

    private List<VersionInfo> list() {
        return versions.entrySet().stream()
                .map(version -> new VersionInfo(version.getKey(), version.getValue().length, Instant.EPOCH))
                .toList();
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
