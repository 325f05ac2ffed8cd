package dev.weft.server;

import dev.weft.room.MemoryBudget;
import dev.weft.room.RoomHead;
import dev.weft.room.RoomName;
import dev.weft.room.RoomOutline;
import dev.weft.storage.Inventory;
import dev.weft.storage.VersionInfo;
import dev.weft.storage.VersionReference;
import dev.weft.yjs.AwarenessState;
import dev.weft.yjs.Contents;
import dev.weft.yjs.IndexedUpdate;
import dev.weft.yjs.StateVector;
import dev.weft.yjs.Updates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads rooms for those who join them, within a budget of memory that all of this node's joins share. First the stream and the list of what is
 * stored; then the versions of which it is not known what they hold, or of which a joiner lacks something. For a client that has all, that is
 * none.
 *
 * <p>How much memory a read takes is estimated from the list, before anything is loaded. Where that is not free, what was read is dropped, and
 * the room is read anew when its turn has come. Thread-safe; blocks.
 */
final class RoomReader {
    private static final int MAX_ATTEMPTS = 5;
    private static final long PRESENCE_SECONDS = 10;

    /** What a read takes beside its bytes. */
    private static final long BYTES_OF_READ = 16 << 10;

    /** A stored version is in memory as it was loaded, with its index, and once more in frames. */
    private static final long STORED_FACTOR = 2;

    /** Beside that, the entries of a stream are merged. */
    private static final long TAIL_FACTOR = 3;

    private final RoomBackend backend;
    private final MemoryBudget memory;
    private final VersionContents known;
    private final Duration patience;
    private final ServerMetrics metrics;

    RoomReader(RoomBackend backend, ServerSettings.Joins settings, ServerMetrics metrics) {
        this.backend = backend;
        this.memory = new MemoryBudget(settings.memoryBytes());
        this.known = new VersionContents(settings.cacheBytes());
        this.patience = settings.timeout();
        this.metrics = metrics;
        metrics.joinMemory(memory);
    }

    /** Those for whom a room is read. */
    interface Audience {
        /** What each of them has; may grow meanwhile. */
        Collection<StateVector> haves();

        /** The read has to wait: nothing is to be held meanwhile. @return whether somebody still needs it */
        boolean pause();

        /** The read begins anew: from here on what happens in the room is to be held. @return whether somebody still needs it */
        boolean resume();
    }

    /** No memory came free in time. */
    static final class NoRoomException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoRoomException(String message) {
            super(message);
        }
    }

    /**
     * The beginning of a read that somebody is expected to need soon. Does not block.
     *
     * @return null if there is no memory at once
     */
    @Nullable
    Opening opening(RoomHead head, Inventory inventory) {
        RoomOutline outline = new RoomOutline(head.tail(), inventory.versions());
        MemoryBudget.Share share = memory.takeAtOnce(cost(outline, false));
        return share == null ? null : new Opening(outline, head.presence(), share);
    }

    /**
     * Ends a read for which nothing has to be loaded, and nothing large gone through. Does not block.
     *
     * @param opening stays the caller's if this returns null; else, also if this throws, it is not
     * @return null if there is more to do: see {@link #read}
     */
    @Nullable
    Snapshot readOpening(RoomName room, Opening opening, Collection<StateVector> haves) {
        Draft draft = draft(room, opening.outline(), haves);
        if (!draft.wanted.isEmpty() || !isShort(draft)) {
            return null;
        }
        try {
            Content content = content(room, draft, List.of());
            return snapshot(room, draft, new StoredParts(room, backend), content, opening.presence(), opening.share());
        } catch (RuntimeException | OutOfMemoryError e) {
            opening.share().close();
            throw e;
        }
    }

    /** What is remembered of a version that is the whole document needs no look into it. */
    private static boolean isShort(Draft draft) {
        boolean isWhole =
                draft.contents.size() == 1 && draft.outline.tail().updates().isEmpty();
        long held = draft.contents.values().stream().mapToLong(Contents::memory).sum();
        return isWhole || held + draft.outline.tail().bytes() <= Computation.SHORT;
    }

    /**
     * Reads a room.
     *
     * @param opening what was read of it already; owned by this from here on
     * @return null if nobody needs it any more
     * @throws NoRoomException if it waited for memory for too long
     */
    @Nullable
    Snapshot read(RoomName room, Audience audience, @Nullable Opening opening)
            throws InterruptedException, ExecutionException, TimeoutException {
        MemoryBudget.Share share = opening == null ? null : opening.share();
        try {
            for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
                Opening first = attempt == 0 ? opening : null;
                CompletableFuture<List<AwarenessState>> presence = first == null
                        ? backend.awareness(room).toCompletableFuture()
                        : CompletableFuture.completedFuture(first.presence());
                RoomOutline outline = first == null ? backend.outline(room) : first.outline();
                Draft draft = draft(room, outline, audience.haves());
                if (share == null) {
                    share = memory.takeAtOnce(draft.cost);
                } else if (!share.growTo(draft.cost)) {
                    share.close();
                    share = null;
                }
                if (share == null) {
                    long cost = draft.cost;
                    outline = null;
                    draft = null;
                    if (!audience.pause()) {
                        return null;
                    }
                    share = waitFor(cost);
                    if (!audience.resume()) {
                        return null;
                    }
                    continue;
                }
                Snapshot snapshot = load(room, draft, presence, share);
                if (snapshot != null) {
                    share = null;
                    return snapshot;
                }
            }
            throw new IllegalStateException("what is stored of it changes faster than it can be read");
        } finally {
            if (share != null) {
                share.close();
            }
        }
    }

    private MemoryBudget.Share waitFor(long cost) throws InterruptedException {
        MemoryBudget.Share share = memory.take(cost, patience);
        if (share == null) {
            throw new NoRoomException("no memory for its document within JOIN_TIMEOUT");
        }
        return share;
    }

    /**
     * @param contents of the versions of which they are known
     * @param wanted the versions to be loaded
     */
    private record Draft(
            RoomOutline outline, Map<VersionReference, Contents> contents, List<VersionReference> wanted, long cost) {}

    private Draft draft(RoomName room, RoomOutline outline, Collection<StateVector> haves) {
        Map<VersionReference, Contents> contents = new HashMap<>();
        List<VersionReference> wanted = new ArrayList<>();
        for (VersionInfo version : outline.versions()) {
            Contents held = known.get(room, version.reference());
            if (held != null) {
                contents.put(version.reference(), held);
            }
            if (held == null || haves.stream().anyMatch(held::hasStructsBeyond)) {
                wanted.add(version.reference());
            }
        }
        return new Draft(outline, contents, wanted, cost(outline, !wanted.isEmpty()));
    }

    private static long cost(RoomOutline outline, boolean isLoaded) {
        long stored = isLoaded ? STORED_FACTOR * outline.storedBytes() : 0;
        return BYTES_OF_READ + TAIL_FACTOR * outline.tail().bytes() + stored;
    }

    /** @return null if a version is not in storage any more */
    private @Nullable Snapshot load(
            RoomName room, Draft draft, CompletableFuture<List<AwarenessState>> presence, MemoryBudget.Share share)
            throws InterruptedException, ExecutionException, TimeoutException {
        StoredParts parts = new StoredParts(room, backend);
        if (parts.load(draft.wanted).size() < draft.wanted.size()) {
            return null;
        }
        List<StoredPart> loaded = parts.loaded(draft.wanted);
        long bytes = draft.outline.tail().bytes();
        for (int i = 0; i < loaded.size(); i++) {
            bytes += draft.contents.containsKey(draft.wanted.get(i))
                    ? 0
                    : loaded.get(i).bytes().length;
        }
        Content content = Computation.run(backend, bytes, () -> content(room, draft, loaded));
        return snapshot(room, draft, parts, content, presence.get(PRESENCE_SECONDS, TimeUnit.SECONDS), share);
    }

    private Snapshot snapshot(
            RoomName room,
            Draft draft,
            StoredParts parts,
            Content content,
            List<AwarenessState> presence,
            MemoryBudget.Share share) {
        metrics.versionsLoaded(draft.wanted.size());
        metrics.versionsSpared(draft.outline.versions().size() - draft.wanted.size());
        return new Snapshot(
                room,
                known,
                draft.outline.tail().upTo(),
                draft.contents,
                parts,
                !draft.wanted.isEmpty(),
                content.tail,
                content.all,
                List.copyOf(presence),
                new ReadMemory(share));
    }

    private record Content(IndexedUpdate tail, Contents all) {}

    /** @param loaded the versions that were wanted, in that order */
    private Content content(RoomName room, Draft draft, List<StoredPart> loaded) {
        for (int i = 0; i < loaded.size(); i++) {
            VersionReference version = draft.wanted.get(i);
            if (!draft.contents.containsKey(version)) {
                Contents held = loaded.get(i).indexed().contents();
                draft.contents.put(version, held);
                known.put(room, version, held);
            }
        }
        List<byte[]> entries = draft.outline.tail().updates();
        IndexedUpdate tail = IndexedUpdate.of(Updates.merge(entries));
        List<Contents> all = new ArrayList<>(draft.contents.values());
        if (!entries.isEmpty()) {
            all.add(tail.contents());
        }
        Contents union = Contents.union(all);
        // Every answer needs them. They are kept with what is remembered of a version that is the whole document.
        union.deletions();
        return new Content(tail, union);
    }
}
