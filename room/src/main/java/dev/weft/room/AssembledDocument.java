package dev.weft.room;

import dev.weft.storage.VersionReference;
import java.util.List;

/**
 * A document put together from storage and stream at one moment.
 *
 * @param update all of it, merged, as an update in encoding V1; shared, not to be changed
 * @param upTo the last entry of the stream that is in it; {@link EntryId#ZERO} if the stream was empty
 * @param versions the stored versions that are in it
 * @param streamEntries how many entries of the stream are in it
 */
public record AssembledDocument(byte[] update, EntryId upTo, List<VersionReference> versions, int streamEntries) {
    /** Whether nobody has ever written to it, or what was written is erased. */
    public boolean isEmpty() {
        return versions.isEmpty() && streamEntries == 0;
    }
}
