package dev.weft.server;

import dev.weft.room.EntryId;
import dev.weft.room.RoomHead;
import dev.weft.room.RoomListener;
import dev.weft.room.RoomName;
import dev.weft.room.RoomOutline;
import dev.weft.room.RoomSubscription;
import dev.weft.room.Rooms;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.Inventory;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.VersionReference;
import dev.weft.yjs.AwarenessState;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The real Redis and storage, and perhaps a backend that seeds empty rooms. Owns none of them.
 *
 * @param seeds empty if rooms begin empty
 */
record RedisBackend(Rooms rooms, DocumentStorage storage, Optional<SeedClient> seeds) implements RoomBackend {
    @Override
    public CompletionStage<EntryId> append(RoomName room, byte[] update) {
        return rooms.append(room, update);
    }

    @Override
    public CompletionStage<RoomSubscription> subscribe(RoomName room, RoomListener listener) {
        return rooms.subscribe(room, listener);
    }

    @Override
    public CompletionStage<Void> publishAwareness(RoomName room, List<AwarenessState> states) {
        return rooms.publishAwareness(room, states);
    }

    @Override
    public CompletionStage<List<AwarenessState>> awareness(RoomName room) {
        return rooms.awareness(room);
    }

    @Override
    public CompletionStage<Optional<RoomHead>> head(RoomName room) {
        // Whether it is seeded is decided where it is read.
        return seeds.isPresent() ? CompletableFuture.completedFuture(Optional.empty()) : rooms.head(room);
    }

    @Override
    public Inventory inventory(RoomName room) {
        return storage.inventory(room.document());
    }

    @Override
    public RoomOutline outline(RoomName room) {
        RoomOutline outline = rooms.outline(room, storage);
        if (seeds.isEmpty() || !outline.isEmpty()) {
            return outline;
        }
        SeedClient source = seeds.get();
        rooms.seed(room, storage, source, source.timeout());
        return rooms.outline(room, storage);
    }

    @Override
    public List<StoredVersion> load(RoomName room, Collection<VersionReference> versions) {
        return storage.load(room.document(), versions);
    }

    @Override
    public <T> T compute(Callable<T> computation) {
        return rooms.merges().run(computation);
    }

    @Override
    public boolean isHealthy() {
        return rooms.isHealthy();
    }

    void closeSeeds() {
        seeds.ifPresent(SeedClient::close);
    }
}
