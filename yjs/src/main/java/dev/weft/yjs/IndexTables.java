package dev.weft.yjs;

/**
 * What an index says about an update.
 *
 * @param structs where its structs lie
 * @param deletions where its deletions lie; without any block where they are not canonical
 * @param hasCanonicalDeletions whether its delete set is what a merge would write: sorted, joined, in as few bytes as possible
 */
record IndexTables(IndexTable structs, IndexTable deletions, boolean hasCanonicalDeletions) {
    /** How many bytes the update has. */
    int length() {
        return deletions.end();
    }

    /** For each client whose clocks begin at 0, the first clock that is missing. */
    StateVector stateVector() {
        return clocks().stateVector();
    }

    /** The clocks of all structs. */
    RangeSet clocks() {
        RangeSet.Builder ranges = new RangeSet.Builder();
        for (int r = 0; r < structs.runs(); r++) {
            ranges.add(structs.client(structs.block(r)), structs.clock(r), structs.clockAfter(r));
        }
        return ranges.build();
    }
}
