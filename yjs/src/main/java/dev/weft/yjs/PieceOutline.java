package dev.weft.yjs;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * How updates are cut into {@linkplain IndexedUpdate#pieces pieces} for someone who has nothing, without the updates themselves: which of their
 * byte ranges make up each piece. Takes some bytes for each block of a piece, mostly less than a thousandth of the updates. Whoever has the same
 * updates again has their pieces again without reading a struct.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class PieceOutline {
    private static final int BYTES_OF_OBJECTS = 100;

    /** Ranges of {@link #places} in place of the updates. */
    private final List<UpdatePlan> pieces;
    /** One for each update; empty arrays, told apart by their identity. */
    private final List<byte[]> places;

    private final int[] lengths;
    private final boolean complete;
    private final StateVector stateVector;

    private PieceOutline(List<byte[]> updates, Pieces cut) {
        places = updates.stream().map(update -> new byte[0]).toList();
        lengths = updates.stream().mapToInt(update -> update.length).toArray();
        pieces = exchange(cut.pieces(), updates, places);
        complete = cut.isComplete();
        stateVector = cut.stateVector();
    }

    /**
     * Cuts updates.
     *
     * @param size see {@link IndexedUpdate#pieces}
     * @throws MalformedException if an update, where it has to be read, is not what its index says
     */
    public static PieceOutline of(List<IndexedUpdate> updates, int size) {
        return new PieceOutline(
                updates.stream().map(IndexedUpdate::bytes).toList(), Pieces.cut(updates, StateVector.empty(), size));
    }

    /** Whether someone who gets all pieces can integrate all structs: nothing is missing that one of them depends on. */
    public boolean isComplete() {
        return complete;
    }

    /** What someone has who had nothing and got all pieces. */
    public StateVector stateVector() {
        return stateVector;
    }

    /**
     * The pieces.
     *
     * @param updates the same as those that were cut, in the same order
     * @throws IllegalArgumentException if they are not as many or not as long
     */
    public List<UpdatePlan> pieces(List<byte[]> updates) {
        if (updates.size() != lengths.length) {
            throw new IllegalArgumentException(lengths.length + " updates were cut, not " + updates.size());
        }
        for (int i = 0; i < lengths.length; i++) {
            if (updates.get(i).length != lengths[i]) {
                throw new IllegalArgumentException(
                        "update " + i + " had " + lengths[i] + " bytes when it was cut, not " + updates.get(i).length);
            }
        }
        return exchange(pieces, places, updates);
    }

    private static List<UpdatePlan> exchange(List<UpdatePlan> plans, List<byte[]> from, List<byte[]> to) {
        IdentityHashMap<byte[], byte[]> arrays = new IdentityHashMap<>();
        for (int i = 0; i < from.size(); i++) {
            arrays.put(from.get(i), to.get(i));
        }
        List<UpdatePlan> exchanged = new ArrayList<>(plans.size());
        plans.forEach(plan -> exchanged.add(plan.over(arrays)));
        return exchanged;
    }

    /** About how many bytes of memory this takes. */
    public long memory() {
        long bytes = BYTES_OF_OBJECTS + stateVector.size() * 2L * Long.BYTES;
        for (UpdatePlan piece : pieces) {
            Set<byte[]> sources = Collections.newSetFromMap(new IdentityHashMap<>());
            for (int i = 0; i < piece.ranges(); i++) {
                sources.add(piece.source(i));
            }
            bytes += BYTES_OF_OBJECTS + piece.ranges() * (Long.BYTES + 2L * Integer.BYTES);
            bytes += sources.stream().mapToLong(source -> source.length).sum();
        }
        return bytes;
    }
}
