package dev.weft.chaos;

import dev.weft.yjs.Contents;
import dev.weft.yjs.Updates;
import java.util.ArrayList;
import java.util.List;

/** All that servers have ever sent to clients of one room, as an echo or as somebody else's: what must never be lost. Thread-safe. */
final class Promise {
    private static final int MERGED_AT = 200;

    // Guarded by this.
    private final List<byte[]> parts = new ArrayList<>();
    private long updates;

    synchronized void add(byte[] update) {
        parts.add(update);
        updates++;
        if (parts.size() >= MERGED_AT) {
            update();
        }
    }

    /** All of it as one update. */
    synchronized byte[] update() {
        byte[] merged = parts.isEmpty() ? Updates.empty() : Updates.merge(parts);
        parts.clear();
        parts.add(merged);
        return merged;
    }

    boolean isKeptBy(byte[] document) {
        return Contents.of(document).covers(update());
    }

    /** How many updates were heard. */
    synchronized long updates() {
        return updates;
    }
}
