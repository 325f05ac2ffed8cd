package dev.weft.yjs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One cut of updates into pieces in causal order: what a struct depends on (its origins, its parent, the clocks of its client before it) goes
 * into the same piece or an earlier one, unless the receiver has it. A topological sort of the structs.
 *
 * <p>A client's structs are walked until one depends on a struct that has not been taken yet. The client then waits for that, and goes on when
 * the client of that struct has come so far. What still waits in the end, because it is missing or depends on itself, never can be
 * integrated. Within a piece the structs of each client are one block, because the blocks of an update may depend on each other in any way,
 * and Yjs sorts that out by itself; so nearly always a block is one range of bytes.
 *
 * <p>Each struct is read once, its ids are compared with the clocks taken so far, and nothing is kept of it. Each time that a client has to
 * wait costs the logarithm of how many wait for the same one.
 */
final class Pieces {
    /** About what the header of a block takes, so that many small blocks do not make a piece large. */
    private static final int BYTES_OF_HEADER = 10;

    private final List<IndexedUpdate> updates;
    private final StateVector have;
    private final int size;

    private final Segments segments;
    private final int[] order;
    private final ClientTable clients;
    /** The segments of client {@code c} are those from {@code first[c]} to {@code first[c + 1]}, in {@link #order}. */
    private final int[] first;
    /** For each client the clock up to which the receiver has all with the pieces so far. */
    private final long[] known;

    private final @Nullable Strand[] strands;
    private final Awaited awaited;
    private final StructIds ids = new StructIds();
    private long lastClient = StructIds.NONE;
    private int lastIndex;

    private final List<UpdatePlan> pieces = new ArrayList<>();
    /** The clients with a block in the current piece, and its bytes so far. */
    private int[] touched = new int[16];

    private int touchedCount;
    private long bytes;
    private boolean complete = true;

    private Pieces(List<IndexedUpdate> updates, StateVector have, int size) {
        this.updates = updates;
        this.have = have;
        this.size = size;
        segments = new Segments(updates.stream().map(IndexedUpdate::bytes).toList());
        for (int i = 0; i < updates.size(); i++) {
            segments.add(i, updates.get(i).tables().structs());
        }
        order = segments.order();
        long[] ofSegments = new long[order.length];
        int[] firsts = new int[order.length + 1];
        int count = 0;
        for (int i = 0; i < order.length; i++) {
            long client = segments.client(order[i]);
            if (count == 0 || ofSegments[count - 1] != client) {
                ofSegments[count] = client;
                firsts[count++] = i;
            }
        }
        firsts[count] = order.length;
        clients = new ClientTable(Arrays.copyOf(ofSegments, count));
        first = Arrays.copyOf(firsts, count + 1);
        known = new long[count];
        for (int c = 0; c < count; c++) {
            known[c] = have.clock(clients.client(c));
        }
        strands = new Strand[count];
        awaited = new Awaited(count);
    }

    /** See {@link IndexedUpdate#pieces}. */
    static Pieces cut(List<IndexedUpdate> updates, StateVector have, int size) {
        Pieces cut = new Pieces(updates, have, size);
        cut.cut();
        return cut;
    }

    List<UpdatePlan> pieces() {
        return pieces;
    }

    /** Whether all structs can be integrated: nothing is missing that one of them depends on. */
    boolean isComplete() {
        return complete;
    }

    /** Of the clients of the updates: what the receiver has with all pieces. */
    StateVector stateVector() {
        StateVector.Builder vector = new StateVector.Builder();
        for (int c = 0; c < known.length; c++) {
            if (known[c] > 0) {
                vector.add(clients.client(c), known[c]);
            }
        }
        return vector.build();
    }

    private void cut() {
        for (int c = 0; c < strands.length; c++) {
            Strand strand = new Strand(segments, order, first[c], first[c + 1]);
            if (strand.advance(known[c]) == null && !strand.hasRest()) {
                continue;
            }
            strands[c] = strand;
            take(c, strand);
            while (awaited.hasReady()) {
                int ready = awaited.takeReady();
                Strand resumed = strands[ready];
                if (resumed != null) {
                    take(ready, resumed);
                }
            }
        }
        takeRest();
        finish(true);
    }

    /** Takes structs of a client as far as nothing is missing. */
    private void take(int c, Strand strand) {
        StructReader struct = strand.current();
        while (struct != null && !waits(c, struct, strand.bytes())) {
            int length = struct.end - struct.start;
            if (bytes > 0 && bytes + length > size) {
                finish(false);
            }
            begin(c, strand);
            bytes += strand.take(struct, known[c]);
            known[c] = struct.clockAfter();
            awaited.passed(c, known[c]);
            struct = strand.advance(known[c]);
        }
    }

    /** Whether a struct depends on one that was not taken yet; if so, the client waits for it. */
    private boolean waits(int c, StructReader struct, byte[] source) {
        if (struct.kind() == StructReader.GC) {
            return false;
        }
        ids.read(source, struct.start);
        return waitsFor(c, struct.client, ids.originClient, ids.originClock)
                || waitsFor(c, struct.client, ids.rightClient, ids.rightClock)
                || waitsFor(c, struct.client, ids.parentClient, ids.parentClock);
    }

    private boolean waitsFor(int c, long own, long client, long clock) {
        if (client == own || client == StructIds.NONE) {
            return false;
        }
        if (client != lastClient) {
            lastClient = client;
            lastIndex = clients.indexOf(client);
        }
        int other = lastIndex;
        if (other < 0) {
            return clock >= have.clock(client);
        }
        if (clock < known[other]) {
            return false;
        }
        awaited.await(other, clock, c);
        return true;
    }

    /** Adds what was never taken to the last piece. */
    private void takeRest() {
        for (int c = 0; c < strands.length; c++) {
            Strand strand = strands[c];
            if (strand != null && strand.hasRest()) {
                complete = false;
                begin(c, strand);
                strand.takeRest(known[c]);
            }
        }
    }

    private void begin(int c, Strand strand) {
        if (strand.isIn(pieces.size())) {
            return;
        }
        strand.begin(pieces.size(), known[c]);
        if (touchedCount == touched.length) {
            touched = Arrays.copyOf(touched, 2 * touchedCount);
        }
        touched[touchedCount++] = c;
        bytes += BYTES_OF_HEADER;
    }

    /** Ends the current piece, which holds the deletions if it is the last one. */
    private void finish(boolean isLast) {
        Gather gather = new Gather(touchedCount + 2);
        gather.scratch().varUint(touchedCount);
        gather.commit(0);
        // Clients are numbered in descending order of their ids, as Yjs writes them.
        Arrays.sort(touched, 0, touchedCount);
        for (int i = 0; i < touchedCount; i++) {
            int c = touched[i];
            Strand strand = strands[c];
            if (strand != null) {
                strand.write(gather, clients.client(c));
                if (!strand.hasRest()) {
                    strands[c] = null;
                }
            }
        }
        if (isLast) {
            Merge.writeDeletions(gather, updates);
        } else {
            int mark = gather.scratch().size();
            gather.scratch().varUint(0);
            gather.commit(mark);
        }
        pieces.add(gather.plan(List.of()));
        touchedCount = 0;
        bytes = 0;
    }
}
