package dev.weft.server;

import dev.weft.room.AssembledDocument;
import dev.weft.room.EntryId;
import dev.weft.room.RoomListener;
import dev.weft.room.RoomName;
import dev.weft.room.RoomSubscription;
import dev.weft.room.Rooms;
import dev.weft.storage.DocumentStorage;
import dev.weft.yjs.AwarenessState;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;

/** The real Redis and storage; owns neither. */
record RedisBackend(Rooms rooms, DocumentStorage storage) implements RoomBackend {
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
    public AssembledDocument assemble(RoomName room) {
        return rooms.assemble(room, storage);
    }

    @Override
    public <T> T compute(Callable<T> computation) {
        return rooms.merges().run(computation);
    }

    @Override
    public boolean isHealthy() {
        return rooms.isHealthy();
    }
}
