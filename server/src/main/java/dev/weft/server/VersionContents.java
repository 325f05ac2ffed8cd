package dev.weft.server;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.weft.room.RoomName;
import dev.weft.storage.VersionReference;
import dev.weft.yjs.Contents;
import dev.weft.yjs.PieceOutline;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Remembers of stored versions what saves reading them, not their bytes: which clocks and deletions each holds, enough to see that a client
 * lacks nothing of it, which then need not be loaded; and how those that make up a document are cut into pieces, so that they are sent as they
 * were loaded. A version never changes and its reference names no other one later, so what is here is never wrong. Bounded in bytes; what was
 * not used for the longest time goes first. Thread-safe.
 */
final class VersionContents {
    /** A key and Caffeine's own records, about. */
    private static final int BYTES_OF_ENTRY = 300;

    private final Cache<Key, Remembered> cache;

    VersionContents(long bytes) {
        cache = Caffeine.newBuilder()
                .maximumWeight(bytes)
                .weigher((Key key, Remembered remembered) ->
                        (int) Math.min(Integer.MAX_VALUE, BYTES_OF_ENTRY + remembered.memory()))
                // Evicting is a matter of microseconds; there is no thread to be woken for it.
                .executor(Runnable::run)
                .build();
    }

    @Nullable
    Contents get(RoomName room, VersionReference version) {
        return cache.getIfPresent(new VersionKey(room, version)) instanceof Held held ? held.contents : null;
    }

    void put(RoomName room, VersionReference version, Contents contents) {
        cache.put(new VersionKey(room, version), new Held(contents));
    }

    /** @param versions in any order, always the same for the same ones */
    @Nullable
    PieceOutline outline(RoomName room, List<VersionReference> versions) {
        return cache.getIfPresent(new DocumentKey(room, versions)) instanceof Cut cut ? cut.outline : null;
    }

    /** @param versions those that were cut, in that order */
    void put(RoomName room, List<VersionReference> versions, PieceOutline outline) {
        cache.put(new DocumentKey(room, versions), new Cut(outline));
    }

    private sealed interface Key {}

    private record VersionKey(RoomName room, VersionReference version) implements Key {}

    private record DocumentKey(RoomName room, List<VersionReference> versions) implements Key {}

    private sealed interface Remembered {
        long memory();
    }

    private record Held(Contents contents) implements Remembered {
        @Override
        public long memory() {
            return contents.memory();
        }
    }

    private record Cut(PieceOutline outline) implements Remembered {
        @Override
        public long memory() {
            return outline.memory();
        }
    }
}
