package dev.weft.yjs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An update in encoding V1 (a document, mostly) and its {@linkplain UpdateIndex index} together: merging it with small updates
 * and taking a difference from it read a few structs instead of all. The results are, to the byte, those of {@link Updates}.
 *
 * <p>The array of the update is not copied and must not change any more. Immutable, safe for use by many threads.
 */
public final class IndexedUpdate {
    private final byte[] bytes;
    private final IndexTables tables;

    IndexedUpdate(byte[] bytes, IndexTables tables) {
        this.bytes = bytes;
        this.tables = tables;
    }

    /**
     * An update without a stored index, which is made here, in one scan.
     *
     * @throws MalformedException if the update cannot be read
     */
    public static IndexedUpdate of(byte[] update) {
        return new IndexedUpdate(update, PlanIndexer.index(UpdatePlan.of(update)));
    }

    /**
     * An update and its index. Reads all bytes once, for their checksum (tens of gigabytes a second).
     *
     * @throws MalformedException if the index is that of another update
     */
    public static IndexedUpdate of(byte[] update, UpdateIndex index) {
        if (!index.belongsTo(update)) {
            throw new MalformedException(0, "the update that the index was made of was expected");
        }
        return new IndexedUpdate(update, index.tables());
    }

    /**
     * An update and the index stored beside it, as {@link UpdateIndex#encode} made it, if there is one that can be used. If
     * not, because there is none, or it is damaged, of another version of the format or of another update, the update is scanned.
     *
     * @throws MalformedException if the update has to be scanned and cannot be read
     */
    public static IndexedUpdate of(byte[] update, byte @Nullable [] encodedIndex) {
        if (encodedIndex != null) {
            try {
                return of(update, UpdateIndex.decode(encodedIndex));
            } catch (MalformedException unusable) {
                // An index only saves time.
            }
        }
        return of(update);
    }

    /** The update, whole: the array that this was made of, not a copy. It must not be changed. */
    public byte[] bytes() {
        return bytes;
    }

    IndexTables tables() {
        return tables;
    }

    /** An input at the delete set. */
    Input deletions() {
        return Input.trusting(bytes, tables.deletions().start(), tables.length());
    }

    /** The index, to be stored. Reads all bytes once, for their checksum. */
    public UpdateIndex index() {
        return new UpdateIndex(tables, UpdateIndex.checksum(bytes, 0, bytes.length));
    }

    /** {@link Updates#stateVector} of the update. */
    public StateVector stateVector() {
        return tables.stateVector();
    }

    /**
     * {@link Updates#diff}: what the update has beyond {@code have}, and all of its deletions.
     *
     * @throws MalformedException if the update, where it has to be read, is not what the index says
     */
    public UpdatePlan difference(StateVector have) {
        return IndexedDiff.of(this, have).plan(List.of(this));
    }

    /**
     * What updates have together beyond {@code have}, and all of their deletions, cut into pieces that a client can apply one after the other
     * as they come: whatever a struct depends on is in its piece or an earlier one, or is something that {@code have} says the client has.
     * So nothing waits in the client, as it would after a cut anywhere, and what it has after each piece it keeps, even if no other one comes.
     * Applied in this order, the pieces have the effect of {@link Updates#merge} of the updates.
     *
     * <p>The updates may overlap and depend on each other in any way; what several of them hold is taken from one. Structs are byte ranges of
     * the updates. All deletions are in the last piece, and so are structs that cannot be integrated yet, because something is missing
     * that they depend on (or, as no client writes them, they depend on themselves).
     *
     * <p>Reads each struct beyond {@code have} once; memory is some bytes for each client and each of its blocks in a piece.
     *
     * @param size about how many bytes a piece may have; a longer struct is a piece of its own, and the last piece may be longer
     * @return at least one; each is an update in which every client has one block
     * @throws MalformedException if an update, where it has to be read, is not what its index says
     */
    public static List<UpdatePlan> pieces(List<IndexedUpdate> updates, StateVector have, int size) {
        return Pieces.cut(updates, have, size).pieces();
    }

    /** Which clocks and deletions the update holds. */
    public Contents contents() {
        return Contents.of(this);
    }

    /**
     * {@link Updates#merge} of this update and others, which are scanned.
     *
     * @throws MalformedException if one of the others cannot be read
     */
    public UpdatePlan merge(List<byte[]> updates) {
        return merge(List.of(this), updates);
    }

    /**
     * {@link Updates#merge} of indexed updates, then others, which are scanned: for example of a stored document, what was
     * stored in addition, and what is new. Of the largest indexed delete set only what others touch is read, other delete sets
     * are read whole.
     *
     * @throws MalformedException if one of the others cannot be read, or an indexed one, where it has to be read, is not what
     *     its index says
     */
    public static UpdatePlan merge(List<IndexedUpdate> indexed, List<byte[]> updates) {
        return Merge.plan(indexed, updates);
    }

    /**
     * Whether {@code update} brings no struct and no deletion that is not here already; see {@link Contents#covers}.
     *
     * @throws MalformedException if {@code update} cannot be read as far as that needs, or this one is not what its index says
     */
    public boolean covers(byte[] update) {
        if (tables.structs().isDescending() && tables.hasCanonicalDeletions()) {
            return IndexedCover.covers(this, update);
        }
        return Contents.of(bytes).covers(update);
    }
}
