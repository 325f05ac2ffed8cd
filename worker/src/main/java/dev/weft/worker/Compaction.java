package dev.weft.worker;

import dev.weft.room.Backlog;
import dev.weft.room.CompactionTask;
import dev.weft.room.EntryId;
import dev.weft.room.MemoryBudget;
import dev.weft.room.RoomName;
import dev.weft.room.Rooms;
import dev.weft.room.StreamTail;
import dev.weft.room.WorkQueue;
import dev.weft.storage.DocumentErasedException;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.VersionInfo;
import dev.weft.storage.VersionReference;
import dev.weft.yjs.MalformedException;
import dev.weft.yjs.Updates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One compaction: what is in a room's stream goes into storage, and what is in storage may leave the stream.
 *
 * <ol>
 *   <li>Ask what there is: which entries of the stream are not stored yet, and which versions storage has. Read the entries, and those of the
 *       versions that the {@link VersionPolicy} wants to be merged with them: mostly none of a large document, all of a small one. Merge; drop
 *       what was deleted unless the document is kept for its history.
 *   <li>Store the merge as a new version, unless it brings nothing, or the only version is that already.
 *   <li>Discard the versions that were read.
 *   <li>In one step in Redis: trim what was read and is older than the lifetime; replace the task by a new one that says what is stored, or
 *       end it with the stream.
 * </ol>
 *
 * <p>Let <i>kept</i> be what storage and stream hold together. The steps keep it whole, whatever happens:
 *
 * <dl>
 *   <dt>A crash before 2, or a failure of storage
 *   <dd>Nothing was changed. The task stays pending, and whoever claims it next begins at 1.
 *   <dt>A crash between 2 and 3
 *   <dd>Old and new versions are there. The next run stores the same entries once more, because its task does not know of them. What is there
 *       twice becomes one when its versions are merged.
 *   <dt>A crash between 3 and 4
 *   <dd>Storage has all, the stream too. The next run of a small document finds nothing to store, of a large one it stores the same entries
 *       once more; then it trims.
 *   <dt>A crash in 4, or its answer lost
 *   <dd>The script runs whole or not at all. If it ran, the old task is gone: whoever still believes to hold it can only trim what is
 *       stored, and adds no second task.
 *   <dt>An edit between 1 and 4
 *   <dd>Its entry is above all that was read, and only ids up to the last one read are trimmed. The stream is not empty, so it lives on with a
 *       new task.
 *   <dt>A task that says what is stored
 *   <dd>It was written by the script of step 4, after step 2, together with the trimming; so the entries up to that one are in storage, and
 *       stay in it, whatever versions they are merged into. If Redis comes back with an older state, stream and task are both older.
 *   <dt>The same, but of long ago (a worker that lost its lease and does not know)
 *   <dd>It reads too much, not too little: what others have stored since is stored once more. What they have trimmed is stored.
 *   <dt>A task that says what is stored, and a storage that is empty
 *   <dd>Somebody lost or exchanged it. What the stream still has is then stored from its beginning.
 *   <dt>Two workers on one room (the lease was lost while one was slow)
 *   <dd>Each stores what it read before it discards, and discards only versions that it read and that are in what it stored. More
 *       versions may be there in the end, which later runs merge. Each trims only what is stored. Not even the same version read by
 *       both and discarded by both makes a hole: it is in both new ones.
 *   <dt>A version that was listed and is gone when it is to be read
 *   <dd>Another worker has merged it into one of its own. It is left out here, and not discarded here.
 *   <dt>A join meanwhile
 *   <dd>It too reads the stream before storage ({@link Rooms#assemble}): what was trimmed before the one is in the other.
 *   <dt>An entry whose predecessors have not arrived
 *   <dd>A merge keeps it, as pending structs behind a gap; it is stored like any other. So is a part of a document, all of which waits for
 *       what other versions hold. Nothing is collected in a merge in which something is missing.
 *   <dt>A malformed entry
 *   <dd>It cannot be stored, so nothing of the room is trimmed: the task fails, is reported, and tried again later.
 *   <dt>A task of y-redis
 *   <dd>It does not say what is stored already, so all of the stream is read and stored.
 *   <dt>A stream that vanished (deleted by hand, or its task came twice)
 *   <dd>There is nothing to read; the task ends without a look at storage.
 *   <dt>A document that was erased
 *   <dd>Storage refuses the version, and nothing may be kept: the entries are trimmed.
 *   <dt>The queue's group was lost
 *   <dd>It is made anew from the first entry: every task is there again. Step 4 looks for its task in the queue's stream, not in the group.
 *   <dt>The queue's stream was deleted
 *   <dd>Rooms without a task are looked for when a worker starts, and now and then ({@link WorkQueue#adoptOrphans}). Until then they are not
 *       stored, but not trimmed either.
 * </dl>
 *
 * <p>A large document in which somebody writes without a pause need not be stored at each debounce, since its entries stay in the stream for
 * their lifetime all the same: it is left alone until the oldest of them has waited for half of that ({@link Patience}).
 */
final class Compaction {
    /** What the updates of a stream take while they are read and merged, times what they take in Redis: objects, merge and copies. */
    private static final int STREAM_COST = 5;

    /** What versions take while they are merged and stored, times their bytes: themselves, the merge, its table, and a copy to send. */
    private static final int VERSION_COST = 5;

    /** What any compaction takes. */
    private static final int LEAST_COST = 1 << 20;

    /** What is merged at once on this thread; more on those of the pool. */
    private static final int LITTLE = 16 << 10;

    private final Rooms rooms;
    private final WorkQueue queue;
    private final DocumentStorage storage;
    private final CompactionOptions options;
    private final MemoryBudget memory;
    private final Observer observer;

    /** Hears what happens. Must not block for long. */
    interface Observer {
        /** A document changed and is stored. */
        default void changed(RoomName room) {}

        /**
         * A version was stored.
         *
         * @param bytes how many it has
         * @param merged how many versions were merged into it
         * @param documentBytes about how many all versions have now
         */
        default void stored(long bytes, int merged, long documentBytes) {}
    }

    /** What came of it. */
    enum Outcome {
        /** There was nothing that storage did not have. */
        UNCHANGED,
        /** A new version is in storage. */
        STORED,
        /** A large document in which somebody writes: it is stored a little later. */
        POSTPONED,
        /** The document is erased; what was in the stream was dropped. */
        ERASED
    }

    Compaction(
            Rooms rooms,
            WorkQueue queue,
            DocumentStorage storage,
            CompactionOptions options,
            MemoryBudget memory,
            Observer observer) {
        this.rooms = rooms;
        this.queue = queue;
        this.storage = storage;
        this.options = options;
        this.memory = memory;
        this.observer = observer;
    }

    /**
     * Runs to the end. Blocks, also until there is memory; throws what storage or Redis throw, {@link
     * dev.weft.room.MalformedEntryException} and {@link MalformedVersionException}; the task is then still there.
     */
    Outcome run(CompactionTask task) {
        Optional<Backlog> waiting = queue.backlog(task.room(), task.stored());
        if (waiting.isEmpty()) {
            queue.finish(task, task.stored());
            return Outcome.UNCHANGED;
        }
        Backlog backlog = waiting.get();
        List<VersionInfo> live = storage.list(task.room().document());
        boolean isSmall = options.versions().isSmall(VersionPolicy.bytes(live));
        if (!isSmall && options.patience().lasts(backlog)) {
            queue.finish(task, task.stored());
            return Outcome.POSTPONED;
        }
        EntryId after = live.isEmpty() ? EntryId.ZERO : task.stored();
        long need = LEAST_COST + STREAM_COST * Math.max(0, backlog.bytes());
        while (true) {
            try (MemoryBudget.Share share = memory.take(need)) {
                StreamTail tail = rooms.readToStore(task.room(), after);
                List<VersionInfo> versions = storage.list(task.room().document());
                VersionPolicy.Plan plan = options.versions().plan(versions, tail.bytes(), Instant.now());
                need = Math.max(need, LEAST_COST + STREAM_COST * tail.bytes() + VERSION_COST * plan.bytes());
                if (share.growTo(need)) {
                    return run(task, tail, plan, VersionPolicy.bytes(versions));
                }
            }
        }
    }

    private Outcome run(CompactionTask task, StreamTail tail, VersionPolicy.Plan plan, long bytesBefore) {
        boolean stored;
        try {
            stored = tail.updates().stream().anyMatch(update -> !isNothing(update))
                    && store(task, tail, plan, bytesBefore);
        } catch (DocumentErasedException e) {
            queue.finish(task, tail.upTo());
            return Outcome.ERASED;
        }
        if (stored) {
            observer.changed(task.room());
        }
        queue.finish(task, tail.upTo());
        return stored ? Outcome.STORED : Outcome.UNCHANGED;
    }

    /** Steps 2 and 3; returns whether there was news. */
    private boolean store(CompactionTask task, StreamTail tail, VersionPolicy.Plan plan, long bytesBefore) {
        List<VersionReference> chosen =
                plan.versions().stream().map(VersionInfo::reference).toList();
        List<StoredVersion> read =
                chosen.isEmpty() ? List.of() : storage.load(task.room().document(), chosen);
        List<byte[]> updates = new ArrayList<>(tail.updates());
        read.forEach(version -> updates.add(version.update()));
        byte[] merged = merge(task.room(), updates);
        if (isNothing(merged) || isAlone(plan, read, merged)) {
            return false;
        }
        storage.store(task.room().document(), merged, Updates.stateVector(merged));
        if (!read.isEmpty()) {
            storage.discard(
                    task.room().document(),
                    read.stream().map(StoredVersion::reference).toList());
        }
        long replaced =
                read.stream().mapToLong(version -> version.update().length).sum();
        observer.stored(merged.length, read.size(), bytesBefore + merged.length - replaced);
        return true;
    }

    private byte[] merge(RoomName room, List<byte[]> updates) {
        boolean collects = options.garbage().collectsIn(room);
        long bytes = updates.stream().mapToLong(update -> update.length).sum();
        try {
            return bytes < LITTLE ? merge(updates, collects) : rooms.merges().run(() -> merge(updates, collects));
        } catch (MalformedException e) {
            // The entries of the stream were checked one by one.
            throw new MalformedVersionException(room, e);
        }
    }

    private static byte[] merge(List<byte[]> updates, boolean collects) {
        return collects ? Updates.compact(updates) : Updates.merge(updates);
    }

    /**
     * Whether the only version is the merge already. Only one that is alone: of several equal ones, two workers at one time could each keep
     * another and discard the rest, and leave none.
     */
    private static boolean isAlone(VersionPolicy.Plan plan, List<StoredVersion> read, byte[] merged) {
        return plan.isWhole()
                && plan.versions().size() == 1
                && read.size() == 1
                && Arrays.equals(read.getFirst().update(), merged);
    }

    private static boolean isNothing(byte[] update) {
        return Arrays.equals(update, Updates.empty());
    }
}
