package dev.weft.yjs;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Which clocks and which deletions a document holds, those behind gaps included: enough to tell whether an update adds
 * anything. Takes a few numbers for each range, whatever the size of the document. Immutable, safe for use by many threads.
 */
public final class Contents {
    private static final Contents EMPTY = of(Updates.empty());

    private final RangeSet structs;
    private final RangeSet deletions;
    /** Null before it was asked for. Two threads may make it at one time, and make the same. */
    private volatile byte @Nullable [] encodedDeletions;

    private Contents(RangeSet structs, RangeSet deletions) {
        this.structs = structs;
        this.deletions = deletions;
    }

    /** The contents of a document that is empty. */
    public static Contents empty() {
        return EMPTY;
    }

    /**
     * The contents of an update in encoding V1.
     *
     * @throws MalformedException if the update cannot be read
     */
    public static Contents of(byte[] update) {
        return collect(update, new RangeSet.Builder(), new RangeSet.Builder());
    }

    /** The contents of an update whose structs need not be read again. */
    static Contents of(IndexedUpdate update) {
        RangeSet.Builder deleted = new RangeSet.Builder();
        deleted.addDeleteSet(update.deletions());
        return new Contents(update.tables().clocks(), deleted.build());
    }

    /** The contents of documents, or of parts of one, together. */
    public static Contents union(Collection<Contents> parts) {
        if (parts.size() == 1) {
            return parts.iterator().next();
        }
        RangeSet.Builder allStructs = new RangeSet.Builder();
        RangeSet.Builder allDeletions = new RangeSet.Builder();
        for (Contents part : parts) {
            part.structs.addTo(allStructs);
            part.deletions.addTo(allDeletions);
        }
        return new Contents(allStructs.build(), allDeletions.build());
    }

    /**
     * These contents and those of a further update (V1) together.
     *
     * @throws MalformedException if the update cannot be read
     */
    public Contents plus(byte[] update) {
        if (covers(update)) {
            return this;
        }
        RangeSet.Builder allStructs = new RangeSet.Builder();
        RangeSet.Builder allDeletions = new RangeSet.Builder();
        structs.addTo(allStructs);
        deletions.addTo(allDeletions);
        return collect(update, allStructs, allDeletions);
    }

    private static Contents collect(byte[] update, RangeSet.Builder structs, RangeSet.Builder deletions) {
        Input in = Input.trusting(update);
        structs.addStructs(in);
        deletions.addDeleteSet(in);
        return new Contents(structs.build(), deletions.build());
    }

    /**
     * Whether {@code update} (V1) brings no struct and no deletion that is not here already.
     *
     * @throws MalformedException if the update cannot be read as far as that needs
     */
    public boolean covers(byte[] update) {
        Input in = Input.trusting(update);
        StructReader reader = StructReader.of(in);
        RangeSet.Lookup held = structs.lookup();
        while (reader.nextBlock()) {
            while (reader.next()) {
                if (reader.kind() != StructReader.SKIP
                        && !held.covers(reader.client, reader.clock, reader.clockAfter())) {
                    return false;
                }
            }
        }
        DeleteSetReader deleted = new DeleteSetReader(in);
        RangeSet.Lookup heldDeletions = deletions.lookup();
        while (deleted.next()) {
            if (!heldDeletions.covers(deleted.client, deleted.clock, deleted.clockAfter())) {
                return false;
            }
        }
        return true;
    }

    /** For each client the first clock that is missing; clients whose first clock is missing are left out. */
    public StateVector stateVector() {
        return structs.stateVector();
    }

    /** Whether there are structs that someone who has {@code have} lacks. */
    public boolean hasStructsBeyond(StateVector have) {
        return structs.reachesBeyond(have);
    }

    /** What of {@code have} matters here: clients that have structs here, each up to its last clock here at most. */
    public StateVector knownTo(StateVector have) {
        return structs.limit(have);
    }

    /**
     * The deletions, as an update in encoding V1 without structs, in the bytes that Yjs writes for them. Made at the first call and kept:
     * it must not be changed.
     */
    public byte[] deletions() {
        byte[] encoded = encodedDeletions;
        if (encoded == null) {
            Output out = new Output(64);
            out.varUint(0);
            deletions.writeDeleteSet(out);
            encoded = out.toByteArray();
            encodedDeletions = encoded;
        }
        return encoded;
    }

    /** About how many bytes of memory this takes, with {@link #deletions}, which are encoded in less than half of what their ranges take. */
    public long memory() {
        return structs.memory() + deletions.memory() + deletions.memory() / 2;
    }
}
