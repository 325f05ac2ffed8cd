package dev.weft.server;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.weft.room.RoomName;
import dev.weft.storage.VersionReference;
import dev.weft.yjs.Contents;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which clocks and deletions stored versions hold, not their bytes: enough to see that a client lacks nothing of them, which then
 * need not be loaded. A version never changes and its reference names no other one later, so what is here is never wrong. Bounded in bytes;
 * what was not used for the longest time goes first. Thread-safe.
 */
final class VersionContents {
    /** A key and Caffeine's own records, about. */
    private static final int BYTES_OF_ENTRY = 300;

    private final Cache<Key, Contents> cache;

    VersionContents(long bytes) {
        cache = Caffeine.newBuilder()
                .maximumWeight(bytes)
                .weigher((Key key, Contents contents) ->
                        (int) Math.min(Integer.MAX_VALUE, BYTES_OF_ENTRY + contents.memory()))
                // Evicting is a matter of microseconds; there is no thread to be woken for it.
                .executor(Runnable::run)
                .build();
    }

    @Nullable
    Contents get(RoomName room, VersionReference version) {
        return cache.getIfPresent(new Key(room, version));
    }

    void put(RoomName room, VersionReference version, Contents contents) {
        cache.put(new Key(room, version), contents);
    }

    private record Key(RoomName room, VersionReference version) {}
}
