package dev.weft.server;

import dev.weft.yjs.StateVector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all those lack who have the same of a document, in one read of it. Confined to the room's home. */
final class Difference {
    /** What they have, as far as the document knows it. */
    final StateVector have;

    /** Wait until the frames are there. */
    final List<Joiner> waiting = new ArrayList<>(1);
    /** To how many they are on their way. */
    int sending;

    /** Owned by this; null until they are there. */
    private @Nullable SharedFrames frames;

    Difference(StateVector have) {
        this.have = have;
    }

    @Nullable
    SharedFrames frames() {
        return frames;
    }

    void frames(SharedFrames made) {
        frames = made;
    }

    boolean isNeeded() {
        return sending > 0 || !waiting.isEmpty();
    }

    /** Whether the document's bytes are still needed for it. */
    boolean needsDocument() {
        return frames == null || frames.needsDocument();
    }

    void release() {
        if (frames != null) {
            frames.release();
            frames = null;
        }
    }
}
