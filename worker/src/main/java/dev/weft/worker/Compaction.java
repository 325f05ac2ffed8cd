package dev.weft.worker;

import dev.weft.room.AssembledDocument;
import dev.weft.room.Compactable;
import dev.weft.room.CompactionTask;
import dev.weft.room.EntryId;
import dev.weft.room.RoomName;
import dev.weft.room.Rooms;
import dev.weft.room.WorkQueue;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.VersionReference;
import dev.weft.yjs.Updates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * One compaction: what is in a room's stream goes into storage, and what is in storage may leave the stream.
 *
 * <ol>
 *   <li>Read the stream to its end, then storage's versions; merge, and drop what was deleted unless the document is kept for its history.
 *   <li>Store the merge as a new version, unless the only version is that already.
 *   <li>Discard the versions that were read.
 *   <li>In one step in Redis: trim what was read and is older than the lifetime; replace the task by a new one, or end it with the stream.
 * </ol>
 *
 * <p>Let <i>kept</i> be what storage and stream hold together. The steps keep it whole, whatever happens:
 *
 * <dl>
 *   <dt>A crash before 2, or a failure of storage
 *   <dd>Nothing was changed. The task stays pending, and whoever claims it next begins at 1.
 *   <dt>A crash between 2 and 3
 *   <dd>Old and new versions are there. The next run merges them into a third, and discards both.
 *   <dt>A crash between 3 and 4
 *   <dd>Storage has all, the stream too. The next run finds nothing to store, and trims.
 *   <dt>A crash in 4, or its answer lost
 *   <dd>The script runs whole or not at all. If it ran, the old task is gone: whoever still believes to hold it can only trim what it
 *       has stored, and adds no second task.
 *   <dt>An edit between 1 and 4
 *   <dd>Its entry is above all that was read, and only ids up to the last one read are trimmed. The stream is not empty, so it lives on with a
 *       new task.
 *   <dt>Two workers on one room (the lease was lost while one was slow)
 *   <dd>Each stores what it read before it discards, and discards only versions that it read and that are in what it stored. Two new
 *       versions may be there in the end, which the next run merges. Each trims only what it stored. Not even the same version read by
 *       both and discarded by both makes a hole: it is in both new ones.
 *   <dt>A join meanwhile
 *   <dd>It too reads the stream before storage ({@link Rooms#assemble}): what was trimmed before the one is in the other.
 *   <dt>An entry whose predecessors have not arrived
 *   <dd>A merge keeps it, as pending structs behind a gap; it is stored like any other.
 *   <dt>A malformed entry
 *   <dd>It cannot be stored, so nothing of the room is trimmed: the task fails, is reported, and tried again later.
 *   <dt>A task of y-redis
 *   <dd>It does not say what is stored already, so all of the stream is read and stored.
 *   <dt>A task that says what is stored
 *   <dd>It was written by the script of step 4, after step 2, together with the trimming. If Redis comes back with an older state, stream and
 *       task are both older.
 *   <dt>A stream that vanished (deleted by hand, or its task came twice)
 *   <dd>There is nothing to read; the task ends without a look at storage.
 *   <dt>The queue's group was lost
 *   <dd>It is made anew from the first entry: every task is there again. Step 4 looks for its task in the queue's stream, not in the group.
 *   <dt>The queue's stream was deleted
 *   <dd>Rooms without a task are looked for when a worker starts, and now and then ({@link WorkQueue#adoptOrphans}). Until then they are not
 *       stored, but not trimmed either.
 * </dl>
 */
final class Compaction {
    private final Rooms rooms;
    private final WorkQueue queue;
    private final DocumentStorage storage;
    private final GarbagePolicy garbage;
    private final Changed changed;

    /** Hears of documents that changed. Must not block for long. */
    interface Changed {
        /** {@code update} is the whole document, V1; shared, not to be changed. */
        void changed(RoomName room, byte[] update);
    }

    /** What came of it. */
    enum Outcome {
        /** There was nothing that storage did not have. */
        UNCHANGED,
        /** A new version is in storage. */
        STORED
    }

    Compaction(Rooms rooms, WorkQueue queue, DocumentStorage storage, GarbagePolicy garbage, Changed changed) {
        this.rooms = rooms;
        this.queue = queue;
        this.storage = storage;
        this.garbage = garbage;
        this.changed = changed;
    }

    /**
     * Runs to the end. Blocks; throws what storage or Redis throw, and {@link dev.weft.room.MalformedEntryException}; the task is then still
     * there.
     *
     * @param size hears how many bytes the document has, if one is stored
     */
    Outcome run(CompactionTask task, LongConsumer size) {
        EntryId end = queue.lastEntry(task.room());
        if (!end.isAfter(task.stored())) {
            queue.finish(task, task.stored());
            return Outcome.UNCHANGED;
        }
        Compactable compactable = rooms.assembleToStore(task.room(), storage, garbage.collectsIn(task.room()));
        AssembledDocument document = compactable.document();
        boolean news = compactable.identical().isEmpty() && !isNothing(document);
        if (news) {
            storage.store(task.room().document(), document.update(), Updates.stateVector(document.update()));
            size.accept(document.update().length);
        }
        List<VersionReference> outdated = new ArrayList<>(document.versions());
        compactable.identical().ifPresent(outdated::remove);
        if (!outdated.isEmpty()) {
            storage.discard(task.room().document(), outdated);
        }
        if (news) {
            changed.changed(task.room(), document.update());
        }
        queue.finish(task, document.upTo());
        return news ? Outcome.STORED : Outcome.UNCHANGED;
    }

    private static boolean isNothing(AssembledDocument document) {
        return document.versions().isEmpty() && Arrays.equals(document.update(), Updates.empty());
    }
}
