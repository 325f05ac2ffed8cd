package dev.weft.benchmarks.load;

import dev.weft.yjs.Updates;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Keeps all updates that come, and knows which of them came before it was synchronised. Written on its event loop, read when its client is synchronised. */
final class Collector implements RoomListener {
    private final List<byte[]> updates = new ArrayList<>();
    private final ByteArrayOutputStream parts = new ByteArrayOutputStream();
    private int synced;

    @Override
    public synchronized void update(boolean step2, Cursor update) {
        add(step2, update.copy(update.remaining()));
    }

    @Override
    public synchronized void updatePart(
            boolean step2, ByteBuf bytes, int from, int length, boolean first, boolean last) {
        parts.writeBytes(ByteBufUtil.getBytes(bytes, from, length));
        if (last) {
            add(step2, parts.toByteArray());
            parts.reset();
        }
    }

    private void add(boolean step2, byte[] update) {
        updates.add(update);
        if (step2 && synced == 0) {
            synced = updates.size();
        }
    }

    /** All that came up to the sync step 2, as one update. */
    synchronized byte[] untilSynced() {
        return merged(updates.subList(0, synced));
    }

    /** All that came, as one update. */
    synchronized byte[] document() {
        return merged(updates);
    }

    private static byte[] merged(List<byte[]> some) {
        return some.size() == 1 ? some.getFirst() : Updates.merge(some);
    }
}
