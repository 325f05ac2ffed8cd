package dev.weft.server;

import dev.weft.room.EntryId;
import dev.weft.room.RoomHead;
import dev.weft.room.RoomListener;
import dev.weft.room.RoomName;
import dev.weft.room.RoomOutline;
import dev.weft.room.RoomSubscription;
import dev.weft.storage.Inventory;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.VersionReference;
import dev.weft.yjs.AwarenessState;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;

/**
 * What a server asks of Redis, storage and the merging threads, as narrow as it can be, so that a test can stand in for them. Methods that
 * return a stage never block and keep the order of their calls; stages complete on any thread.
 */
interface RoomBackend {
    /** Completes when Redis has taken the update; exceptionally if it may not have. */
    CompletionStage<EntryId> append(RoomName room, byte[] update);

    /** Completes when every entry that is appended from then on will be delivered. */
    CompletionStage<RoomSubscription> subscribe(RoomName room, RoomListener listener);

    CompletionStage<Void> publishAwareness(RoomName room, List<AwarenessState> states);

    /** The latest state of each client who is there. */
    CompletionStage<List<AwarenessState>> awareness(RoomName room);

    /**
     * All that Redis holds of the room, if that is little. Called right behind {@link #subscribe}, it has everything that is not delivered to the
     * subscription.
     */
    CompletionStage<Optional<RoomHead>> head(RoomName room);

    /** What is stored of the document, and whether it was deleted for good. Blocks. */
    Inventory inventory(RoomName room);

    /** What the room's stream holds, and then what is stored of it. Blocks. */
    RoomOutline outline(RoomName room);

    /** Those of the versions that are still in storage. Blocks. */
    List<StoredVersion> load(RoomName room, Collection<VersionReference> versions);

    /** Runs a computation over many bytes on a thread meant for it. Blocks until it is done. */
    <T> T compute(Callable<T> computation);

    /** Whether Redis answered lately. */
    boolean isHealthy();
}
