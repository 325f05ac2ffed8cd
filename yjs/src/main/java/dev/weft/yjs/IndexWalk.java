package dev.weft.yjs;

import org.jspecify.annotations.Nullable;

/**
 * Walks to single entries of an indexed update, from the checkpoint before them: at most {@link Checkpoints#SPACING} entries
 * are read. Bytes that cannot be read as the index says
 * throw {@link MalformedException}.
 */
final class IndexWalk {
    private IndexWalk() {}

    /** A reader at the struct of run {@code r} that holds {@code clock}, which the run holds; it ends with the run. */
    static StructReader structAt(byte[] bytes, IndexTable structs, int r, long clock) {
        StructReader reader = structsFrom(bytes, structs, r, clock);
        while (reader.next()) {
            if (reader.clockAfter() > clock) {
                return reader;
            }
        }
        throw new MalformedException(structs.from(r), "the struct that the index names was expected");
    }

    /** A reader before the struct of run {@code r} that holds {@code clock}, and perhaps some earlier ones. */
    static StructReader structsFrom(byte[] bytes, IndexTable structs, int r, long clock) {
        int place = structs.places().lastUpToClock(structs.firstPlace(r), structs.firstPlace(r + 1), clock);
        return structs(bytes, structs, r, place);
    }

    /**
     * Where in a run an entry ends.
     *
     * @param entries how many entries of the run come before that
     * @param last where the entry begins
     * @param clockAfter the clock after it
     */
    record Place(int entries, int last, long clockAfter) {}

    /** The place of the struct of run {@code r} that ends at byte {@code end}; null if none ends there. */
    static @Nullable Place structsBefore(byte[] bytes, IndexTable structs, int r, int end) {
        int place = structs.places().lastUpToOffset(structs.firstPlace(r), structs.firstPlace(r + 1), end - 1);
        StructReader reader = structs(bytes, structs, r, place);
        while (reader.end < end && reader.next()) {
            // On to the end that is wanted, or beyond it.
        }
        return reader.end == end
                ? new Place(structs.entries(r) - reader.structsLeft(), reader.start, reader.clockAfter())
                : null;
    }

    private static StructReader structs(byte[] bytes, IndexTable structs, int r, int place) {
        long client = structs.client(structs.block(r));
        Checkpoints places = structs.places();
        if (place < structs.firstPlace(r)) {
            Input in = Input.trusting(bytes, structs.from(r), structs.to(r));
            return StructReader.inside(in, client, structs.clock(r), structs.entries(r));
        }
        Input in = Input.trusting(bytes, places.offset(place), structs.to(r));
        int left = structs.entries(r) - places.entry(place);
        return StructReader.inside(in, client, places.clock(place), left);
    }

    /** The same for deletions. */
    static @Nullable Place deletionsBefore(byte[] bytes, IndexTable deletions, int r, int end) {
        int place = deletions.places().lastUpToOffset(deletions.firstPlace(r), deletions.firstPlace(r + 1), end - 1);
        DeleteSetReader reader = deletions(bytes, deletions, r, place);
        while (reader.end() < end && reader.next()) {
            // As above.
        }
        return reader.end() == end
                ? new Place(deletions.entries(r) - reader.rangesLeft(), reader.start, reader.clockAfter())
                : null;
    }

    /** A reader of the deletions of run {@code r} from a checkpoint on; before the first one from the beginning. */
    static DeleteSetReader deletions(byte[] bytes, IndexTable deletions, int r, int place) {
        long client = deletions.client(deletions.block(r));
        Checkpoints places = deletions.places();
        if (place < deletions.firstPlace(r)) {
            Input in = Input.trusting(bytes, deletions.from(r), deletions.to(r));
            return DeleteSetReader.inside(in, client, deletions.entries(r));
        }
        Input in = Input.trusting(bytes, places.offset(place), deletions.to(r));
        return DeleteSetReader.inside(in, client, deletions.entries(r) - places.entry(place));
    }
}
