package dev.weft.yjs;

import java.util.List;

/**
 * Operations on updates in encoding V1, the one of the wire: {@code blocks of structs, delete set}, as
 * {@link #check} checks it. All of them work on the bytes, without building a document. An update is an array that nobody
 * changes any more; results are new arrays that belong to the caller. All methods are safe for use by many threads.
 *
 * <p>Everything but {@link #check} trusts the text inside an update to have been checked when it came in. Bytes that are no
 * update make every method throw {@link MalformedException}, never anything else.
 */
public final class Updates {
    private Updates() {}

    /** The update that changes nothing: {@code 00 00}. A new array at each call. */
    public static byte[] empty() {
        return new byte[] {0, 0};
    }

    /**
     * Checks every byte of an update: its structure to the end, ids, clocks up to 2^53 - 1, UTF-8 and the syntax of JSON. An
     * update that passes is read by every client without an exception. Time is linear in the bytes, memory constant.
     *
     * <p>It passes what Yjs reads without an exception but not whole: of two blocks for one client, Yjs forgets the first. No client
     * writes that, but {@code Y.mergeUpdates} does when an update has its clients in ascending order, as Yjs wrote them in its
     * first versions. Everything here reads both; {@link #merge} of the one update makes one block of them, for others to read.
     *
     * @throws MalformedException at the first byte that a client could not read
     */
    public static void check(byte[] update) {
        check(update, 0, update.length);
    }

    /** {@link #check(byte[])} for the part {@code [from, to)} of an array. */
    public static void check(byte[] bytes, int from, int to) {
        checkOrder(bytes, from, to);
    }

    /** Checks as {@link #check}. @return whether the clients descend, so that each has one block; Yjs writes them so */
    static boolean checkOrder(byte[] bytes, int from, int to) {
        Input in = Input.checking(bytes, from, to);
        StructReader structs = StructReader.of(in);
        boolean descends = true;
        long previous = Long.MAX_VALUE;
        while (structs.nextBlock()) {
            descends &= structs.client < previous;
            previous = structs.client;
            while (structs.next()) {
                // Reading is checking.
            }
        }
        DeleteSetReader deletions = new DeleteSetReader(in);
        while (deletions.next()) {
            // The same.
        }
        in.expectEnd();
        return descends;
    }

    /**
     * What someone has who has exactly this update: {@code Y.encodeStateVectorFromUpdate}. It counts to the first gap of each
     * client, and leaves out clients whose first clock is missing.
     */
    public static StateVector stateVector(byte[] update) {
        StructReader reader = StructReader.passingIds(Input.trusting(update));
        StateVector.Builder vector = new StateVector.Builder();
        long previous = Long.MAX_VALUE;
        while (reader.nextBlock()) {
            if (reader.client >= previous) {
                return Contents.of(update).stateVector();
            }
            previous = reader.client;
            long known = 0;
            while (reader.next()) {
                if (reader.clock == known && reader.kind() != StructReader.SKIP) {
                    reader.passCommon(Input.MAX_INTEGER);
                    known = reader.clockAfter();
                }
            }
            vector.add(reader.client, known);
        }
        return vector.build();
    }

    /**
     * One update that has the effect of all: {@code Y.mergeUpdates}. What waits behind a gap is kept, with the gap marked by a
     * Skip struct. Order and repetition of the updates do not matter to the effect. Of no updates, {@link #empty}.
     *
     * @throws IllegalStateException if the result does not fit into an array
     */
    public static byte[] merge(List<byte[]> updates) {
        return Merge.of(updates);
    }

    /**
     * One update that has the effect of all, without what is deleted: the state of a {@code Y.Doc} with {@code gc: true} that
     * applied them. Deleted contents become a length, what was inside deleted types becomes GC structs, neighbours are joined
     * where nothing is lost. Clients that still hold the old state converge with it, whatever they edit next.
     *
     * <p>While structs are missing that others depend on, nothing is collected and the result is that of {@link #merge};
     * collecting it again once they have come gives the same state as if they had never been missing. The losers of concurrent
     * writes to a key of a map stay until a client has integrated them and deleted them, because that needs a document. Nor is anything
     * collected where the origins of an item contradict each other, as no client writes them, and what a document makes of it depends on
     * what it has collected before.
     *
     * <p>Not for documents that are kept for their history ({@code gc: false}, snapshots): it is lost.
     *
     * <p>Time is linear in the bytes; where structs are few and long, looking ids up takes the logarithm of their number. Memory
     * beyond the inputs is about 13 to 19 bytes for each struct and at most a little over twice the size of the result. The merged
     * size comes to that while something is missing, or where inputs hold the same clocks in part.
     *
     * @throws IllegalStateException if the result does not fit into an array
     */
    public static byte[] compact(List<byte[]> updates) {
        return Compaction.of(updates);
    }

    /** What {@code update} has beyond {@code have}, and all of its deletions: {@code Y.diffUpdate}. */
    public static byte[] diff(byte[] update, StateVector have) {
        return Diff.of(update, have);
    }

    /**
     * The subdocuments that an update holds and does not delete, in the order in which they stand there; not to be changed. Of a state
     * that a {@code Y.Doc} wrote these are its {@code getSubdocs()}.
     *
     * <p>What only a document finds out is not known here: of merged updates, the loser of concurrent writes to a key of a map is listed
     * beside the winner, and so is what waits behind a gap. What was put into something deleted elsewhere at the same time is listed too,
     * unless the updates were {@linkplain #compact compacted}.
     */
    public static List<Subdocument> subdocuments(byte[] update) {
        return Subdocuments.of(update);
    }

    /** Whether there is no struct (but perhaps deletions). */
    public static boolean hasNoStructs(byte[] update) {
        StructReader reader = StructReader.passingIds(Input.trusting(update));
        while (reader.nextBlock()) {
            while (reader.next()) {
                if (reader.kind() != StructReader.SKIP) {
                    return false;
                }
            }
        }
        return true;
    }
}
