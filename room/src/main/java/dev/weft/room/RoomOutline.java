package dev.weft.room;

import dev.weft.storage.VersionInfo;
import java.util.List;

/**
 * What a room holds at one moment, of what is stored only the list: the stream's tail was read <b>first</b>. So whatever was trimmed from the
 * stream before is in one of the versions, or, if one of them is gone when it is loaded, in another that took its place.
 *
 * @param tail the stream, without entries that are malformed
 * @param versions what storage has
 */
public record RoomOutline(StreamTail tail, List<VersionInfo> versions) {
    /** Whether nobody has ever written to it, or what was written is erased. */
    public boolean isEmpty() {
        return versions.isEmpty() && tail.updates().isEmpty();
    }

    /** How many bytes all versions have, as they are stored. */
    public long storedBytes() {
        return versions.stream().mapToLong(VersionInfo::bytes).sum();
    }
}
