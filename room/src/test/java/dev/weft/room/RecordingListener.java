package dev.weft.room;

import dev.weft.yjs.AwarenessState;
import dev.weft.yjs.Message;
import java.util.ArrayList;
import java.util.List;

/** Keeps what it hears, and checks the order. Thread-safe. */
final class RecordingListener implements RoomListener {
    private final List<EntryId> ids = new ArrayList<>();
    private final List<byte[]> messages = new ArrayList<>();
    private final List<AwarenessState> states = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private int erased;

    @Override
    public synchronized void onUpdate(EntryId id, byte[] message) {
        ids.add(id);
        messages.add(message);
    }

    @Override
    public synchronized void onAwareness(byte[] message) {
        states.addAll(((Message.Awareness) Message.decode(message)).states());
    }

    @Override
    public synchronized void onBroken(String reason) {
        broken.add(reason);
    }

    @Override
    public synchronized void onErased() {
        erased++;
    }

    synchronized List<EntryId> ids() {
        return List.copyOf(ids);
    }

    synchronized List<byte[]> messages() {
        return List.copyOf(messages);
    }

    synchronized List<AwarenessState> states() {
        return List.copyOf(states);
    }

    synchronized List<String> broken() {
        return List.copyOf(broken);
    }

    synchronized int erased() {
        return erased;
    }
}
