package dev.weft.server;

import dev.weft.room.EntryId;
import dev.weft.storage.VersionReference;
import dev.weft.yjs.AwarenessState;
import dev.weft.yjs.Contents;
import dev.weft.yjs.IndexedUpdate;
import dev.weft.yjs.StateVector;
import dev.weft.yjs.UpdatePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A room as it was read for those who join it. What each of them lacks is cut out of the stored versions and the stream's tail as they are;
 * they are never merged into one document. Shared between all, immutable but for versions that are loaded when someone lacks something of
 * them.
 *
 * @param upTo the last entry of the stream that is in it
 * @param versions what each stored version holds
 * @param parts the bytes of versions
 * @param mayLoad whether there is memory to load versions
 * @param tail the stream
 * @param contents what all of it holds
 * @param presence who is there
 * @param memory released by who released all of this
 */
record Snapshot(
        EntryId upTo,
        Map<VersionReference, Contents> versions,
        StoredParts parts,
        boolean mayLoad,
        IndexedUpdate tail,
        Contents contents,
        List<AwarenessState> presence,
        ReadMemory memory) {
    /** So a frame with its header takes no more than 256 KiB. */
    private static final int PIECE_BYTES = (256 << 10) - 64;

    /** Whether everything that someone lacks can be had. */
    boolean canServe(StateVector have) {
        return mayLoad || isLoaded(lackedBy(have));
    }

    /** Whether to make the difference for someone is a matter of microseconds. */
    boolean isQuick(StateVector have) {
        if (contents.memory() + tail.bytes().length > Computation.SHORT) {
            return false;
        }
        List<VersionReference> lacked = lackedBy(have);
        return isLoaded(lacked) && bytes(parts.loaded(lacked)) <= Computation.SHORT;
    }

    /** The versions that hold structs which someone lacks. */
    private List<VersionReference> lackedBy(StateVector have) {
        return versions.entrySet().stream()
                .filter(version -> version.getValue().hasStructsBeyond(have))
                .map(Map.Entry::getKey)
                .toList();
    }

    private boolean isLoaded(List<VersionReference> wanted) {
        return parts.loaded(wanted).size() == wanted.size();
    }

    /**
     * What someone lacks, in pieces, and all deletions; of versions that are loaded.
     *
     * @return null if one is not
     */
    @Nullable
    List<UpdatePlan> loadedDifference(StateVector have) {
        List<VersionReference> lacked = lackedBy(have);
        List<IndexedUpdate> found = parts.loaded(lacked);
        return found.size() < lacked.size() ? null : pieces(have, lacked, found);
    }

    /**
     * The same, of versions that are loaded here if they have to be. Blocks.
     *
     * @return null if a version is not in storage any more
     */
    @Nullable
    List<UpdatePlan> difference(StateVector have, RoomBackend backend) {
        List<VersionReference> lacked = lackedBy(have);
        List<IndexedUpdate> found = parts.load(lacked);
        if (found.size() < lacked.size()) {
            return null;
        }
        long bytes = bytes(found) + tail.bytes().length + contents.memory();
        return Computation.run(backend, bytes, () -> pieces(have, lacked, found));
    }

    private List<UpdatePlan> pieces(StateVector have, List<VersionReference> lacked, List<IndexedUpdate> found) {
        List<IndexedUpdate> updates = new ArrayList<>(versions.size() + 1);
        updates.addAll(found);
        updates.add(tail);
        versions.forEach((version, held) -> {
            if (!lacked.contains(version)) {
                updates.add(IndexedUpdate.of(held.deletions()));
            }
        });
        return IndexedUpdate.pieces(updates, have, PIECE_BYTES);
    }

    private static long bytes(List<IndexedUpdate> updates) {
        return updates.stream().mapToLong(update -> update.bytes().length).sum();
    }
}
