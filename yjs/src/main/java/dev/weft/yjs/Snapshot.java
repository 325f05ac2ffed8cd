package dev.weft.yjs;

import java.util.Objects;

/**
 * A moment of a document: its state vector and what was deleted then. With a document that does not collect garbage it shows what the
 * document was. Immutable, safe for use by many threads.
 *
 * <p>Format (Yjs {@code Snapshot.js}): a delete set as at the end of an update, then a state vector.
 */
public final class Snapshot {
    private final RangeSet deletions;
    private final StateVector stateVector;

    Snapshot(RangeSet deletions, StateVector stateVector) {
        this.deletions = deletions;
        this.stateVector = stateVector;
    }

    /**
     * Decodes a whole snapshot, as {@code Y.encodeSnapshot} writes it.
     *
     * @throws MalformedException if {@code bytes} are anything else, or more
     */
    public static Snapshot decode(byte[] bytes) {
        Input in = Input.checking(bytes, 0, bytes.length);
        RangeSet.Builder deletions = new RangeSet.Builder();
        deletions.addDeleteSet(in);
        return new Snapshot(deletions.build(), StateVector.decode(bytes, in.position(), bytes.length));
    }

    /** {@link #decode} for what {@code Y.encodeSnapshotV2} wrote. */
    public static Snapshot decodeV2(byte[] bytes) {
        Input in = Input.checking(bytes, 0, bytes.length);
        RangeSet.Builder deletions = new RangeSet.Builder();
        for (int clients = in.count(2, "clients with deletions"); clients > 0; clients--) {
            long client = in.varUint();
            long end = 0;
            for (int ranges = in.count(2, "ranges of deletions"); ranges > 0; ranges--) {
                int at = in.position();
                long from = end + in.varUint();
                end = from + in.varUint() + 1;
                if (end > Input.MAX_INTEGER) {
                    throw new MalformedException(at, "a range of clocks below 2^53 was expected");
                }
                deletions.add(client, from, end);
            }
        }
        return new Snapshot(deletions.build(), StateVector.decode(bytes, in.position(), bytes.length));
    }

    /** {@code Y.encodeSnapshot}. A new array at each call. */
    public byte[] encode() {
        Output out = new Output(64);
        deletions.writeDeleteSet(out);
        return withStateVector(out);
    }

    /** {@code Y.encodeSnapshotV2}. A new array at each call. */
    public byte[] encodeV2() {
        Output out = new Output(64);
        deletions.writeDeleteSetV2(out);
        return withStateVector(out);
    }

    private byte[] withStateVector(Output out) {
        byte[] vector = stateVector.encode();
        return out.copy(vector, 0, vector.length).toByteArray();
    }

    /** What the document had. */
    public StateVector stateVector() {
        return stateVector;
    }

    RangeSet deletions() {
        return deletions;
    }

    /** Whether the document had all that an update brings: {@code Y.snapshotContainsUpdate}. */
    public boolean contains(byte[] update) {
        Input in = Input.trusting(update);
        StructReader structs = StructReader.of(in);
        while (structs.nextBlock()) {
            while (structs.next()) {
                if (structs.clockAfter() > stateVector.clock(structs.client)) {
                    return false;
                }
            }
        }
        DeleteSetReader deleted = new DeleteSetReader(in);
        while (deleted.next()) {
            if (!deletions.covers(deleted.client, deleted.clock, deleted.clockAfter())) {
                return false;
            }
        }
        return true;
    }

    /** Whether an item was there, deleted or not. */
    boolean knows(Item item) {
        return item.clock < stateVector.clock(item.owner.client);
    }

    /** Whether an item was there and not deleted. */
    boolean shows(Item item) {
        return knows(item) && !deletions.covers(item.owner.client, item.clock, item.clock + 1);
    }

    /** Cuts the items of a document so that each is wholly in or out of this snapshot, deleted or not. */
    void split(Transaction transaction) {
        StructStore store = transaction.doc().store();
        for (int i = 0; i < store.size(); i++) {
            ClientStructs structs = store.client(i);
            long state = structs.state();
            long clock = stateVector.clock(structs.client);
            if (clock > 0 && clock < state) {
                structs.indexOfStart(transaction, clock);
            }
            RangeSet.Cursor ranges = deletions.cursor(structs.client);
            for (; ranges.from() < state; ranges.seek(ranges.to())) {
                structs.indexOfStart(transaction, ranges.from());
                if (ranges.to() < state) {
                    structs.indexOfStart(transaction, ranges.to());
                }
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Snapshot that
                && stateVector.equals(that.stateVector)
                && deletions.equals(that.deletions);
    }

    @Override
    public int hashCode() {
        return Objects.hash(stateVector, deletions);
    }
}
