package dev.weft.server;

import dev.weft.room.EntryId;
import dev.weft.room.RoomName;
import dev.weft.storage.VersionReference;
import dev.weft.yjs.AwarenessState;
import dev.weft.yjs.Contents;
import dev.weft.yjs.IndexedUpdate;
import dev.weft.yjs.PieceOutline;
import dev.weft.yjs.StateVector;
import dev.weft.yjs.UpdatePlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A room as it was read for those who join it. What each of them lacks is cut out of the stored versions and the stream's tail as they are;
 * they are never merged into one document. Shared between all, immutable but for versions that are loaded when someone lacks something of
 * them.
 *
 * @param known what is remembered of stored versions
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
        RoomName room,
        VersionContents known,
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

    /** How long an update is that has no struct and no deletion. */
    private static final int NOTHING = 2;

    /** Whether everything that someone lacks can be had. */
    boolean canServe(StateVector have) {
        return mayLoad || isLoaded(lackedBy(have));
    }

    /** Whether to make the difference for someone is a matter of microseconds. */
    boolean isQuick(StateVector have) {
        if (hasAllStructs(have)) {
            return true;
        }
        if (contents.memory() + tail.bytes().length > Computation.SHORT) {
            return false;
        }
        List<VersionReference> lacked = lackedBy(have);
        return isLoaded(lacked) && bytes(parts.loaded(lacked)) <= Computation.SHORT;
    }

    private boolean hasAllStructs(StateVector have) {
        return !contents.hasStructsBeyond(have);
    }

    /** The versions that hold structs which someone lacks, in an order that is always the same. */
    private List<VersionReference> lackedBy(StateVector have) {
        return versions.entrySet().stream()
                .filter(version -> version.getValue().hasStructsBeyond(have))
                .map(Map.Entry::getKey)
                .sorted(Comparator.comparing(VersionReference::value))
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
        List<StoredPart> found = parts.loaded(lacked);
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
        List<StoredPart> found = parts.load(lacked);
        if (found.size() < lacked.size()) {
            return null;
        }
        boolean isCut = have.isEmpty() && known.outline(room, lacked) != null;
        long bytes = tail.bytes().length + (isCut ? 0 : bytes(found) + contents.memory());
        return Computation.run(backend, bytes, () -> pieces(have, lacked, found));
    }

    private List<UpdatePlan> pieces(StateVector have, List<VersionReference> lacked, List<StoredPart> found) {
        if (hasAllStructs(have)) {
            return List.of(UpdatePlan.of(contents.deletions()));
        }
        List<IndexedUpdate> others = others(lacked);
        if (have.isEmpty() && !lacked.isEmpty()) {
            PieceOutline outline = outline(lacked, found);
            if (outline.isComplete() || others.isEmpty()) {
                List<UpdatePlan> pieces = new ArrayList<>(
                        outline.pieces(found.stream().map(StoredPart::bytes).toList()));
                if (!others.isEmpty()) {
                    pieces.addAll(IndexedUpdate.pieces(others, outline.stateVector(), PIECE_BYTES));
                }
                return pieces;
            }
            // Something in them depends on the stream.
        }
        others.addAll(indexed(found));
        return IndexedUpdate.pieces(others, have, PIECE_BYTES);
    }

    /** How what is stored is cut for someone who has nothing. */
    private PieceOutline outline(List<VersionReference> lacked, List<StoredPart> found) {
        PieceOutline outline = known.outline(room, lacked);
        if (outline == null) {
            outline = PieceOutline.of(indexed(found), PIECE_BYTES);
            known.put(room, lacked, outline);
        }
        return outline;
    }

    /** The stream, and the deletions of versions of which no structs are lacked. */
    private List<IndexedUpdate> others(List<VersionReference> lacked) {
        List<IndexedUpdate> others = new ArrayList<>(versions.size() + 1);
        if (tail.bytes().length > NOTHING) {
            others.add(tail);
        }
        versions.forEach((version, held) -> {
            if (!lacked.contains(version)) {
                others.add(IndexedUpdate.of(held.deletions()));
            }
        });
        return others;
    }

    private static List<IndexedUpdate> indexed(List<StoredPart> parts) {
        return parts.stream().map(StoredPart::indexed).toList();
    }

    private static long bytes(List<StoredPart> parts) {
        return parts.stream().mapToLong(part -> part.bytes().length).sum();
    }
}
