package dev.weft.yjs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * One merge of updates (Yjs {@code updates.js}, {@code mergeUpdatesV2}), as a plan of byte ranges.
 *
 * <p>Each update is scanned once for its {@linkplain Segments segments}. They are sorted, then written one after the other:
 * whole where nothing overlaps, else from the first clock that is not written yet. Where clocks are missing, a Skip struct
 * stands. Time is linear in the bytes, plus sorting the segments, which costs nothing where they come in order.
 *
 * <p>Yjs instead has a reader for each update and sorts them again at each step. The result is the same to the byte, which
 * matters where updates overlap and are cut differently. It needs three rules:
 *
 * <ul>
 *   <li>Of segments that begin at the same clock, the one whose update was read from last comes first, because Yjs's sort is
 *       stable and that reader stands in front; updates not read from yet come last, as they were given. (Where one update has
 *       collected what another holds, Yjs's comparison says "before" both ways, and its choice depends on the engine; here the
 *       rule stays the same.)
 *   <li>A reader that finds all of a segment written goes on to the update's next one, and if that reaches beyond what is
 *       written, it is its turn at once, before other updates' segments that begin earlier.
 *   <li>A reader whose GC struct lengthens the one before stops at it, and waits for its turn as if it began there.
 * </ul>
 */
final class Merge {
    private static final int NONE = -1;

    private final Segments segments;
    /** The indexed update whose deletions the others are merged into, if there is one. */
    private final @Nullable IndexedUpdate base;

    private final RangeSet.Builder deletions = new RangeSet.Builder();
    /** For each update when it was read from last, counted in segments; 0 if not yet. */
    private final int[] lastRead;

    /** The segments in the order of their turns: clients descending, clocks ascending, ties as soon as {@link #tiesEnd} is behind them. */
    private final int[] order;

    private int next;
    private int tiesEnd;
    /** The segments that were read before their turn. */
    private final BitSet done = new BitSet();
    /** The segments that were read in part and wait for another turn. */
    private final PriorityQueue<Integer> waiting = new PriorityQueue<>(this::compare);

    private final Gather gather;

    // The block being written.
    private int blocks;
    private int header;
    private long blockClient;
    private long blockClock;
    private long blockStructs;
    private long nextClock;
    /** The length of a GC struct that ends the block and is held back, because more of its kind may follow; else 0. */
    private long heldGc;

    private Merge(List<IndexedUpdate> indexed, List<byte[]> updates) {
        List<byte[]> all = new ArrayList<>(indexed.size() + updates.size());
        indexed.forEach(update -> all.add(update.bytes()));
        all.addAll(updates);
        segments = new Segments(all);
        lastRead = new int[all.size()];
        gather = new Gather(all.size() + 4);
        base = largestDeletions(indexed);
        for (int i = 0; i < indexed.size(); i++) {
            IndexedUpdate update = indexed.get(i);
            segments.add(i, update.tables().structs());
            if (update != base) {
                deletions.addDeleteSet(update.deletions());
            }
        }
        scan(all, indexed.size());
        order = segments.order();
    }

    private void scan(List<byte[]> all, int from) {
        Input in = Input.trusting(Updates.empty());
        StructReader reader = StructReader.passingIds(in);
        for (int i = from; i < all.size(); i++) {
            in.restart(all.get(i));
            reader.restart();
            segments.scan(i, reader);
            deletions.addDeleteSet(in);
            in.expectEnd();
        }
    }

    /** The update whose deletions need not be read, because they are canonical; null if there is none. */
    private static @Nullable IndexedUpdate largestDeletions(List<IndexedUpdate> indexed) {
        IndexedUpdate largest = null;
        int most = -1;
        for (IndexedUpdate update : indexed) {
            IndexTables tables = update.tables();
            int size = tables.length() - tables.deletions().start();
            if (tables.hasCanonicalDeletions() && size > most) {
                largest = update;
                most = size;
            }
        }
        return largest;
    }

    static byte[] of(List<byte[]> updates) {
        return new Merge(List.of(), updates).write().toByteArray();
    }

    static UpdatePlan plan(List<IndexedUpdate> indexed, List<byte[]> updates) {
        return new Merge(indexed, updates).write().plan(indexed);
    }

    private Gather write() {
        int place = gather.reserve();
        writeStructs();
        int mark = gather.scratch().size();
        gather.scratch().varUint(blocks);
        gather.fill(place, mark);

        writeDeletions(gather, base, deletions.build());
        return gather;
    }

    /** Adds the union of the deletions of indexed updates. */
    static void writeDeletions(Gather gather, List<IndexedUpdate> indexed) {
        IndexedUpdate base = largestDeletions(indexed);
        RangeSet.Builder others = new RangeSet.Builder();
        for (IndexedUpdate update : indexed) {
            if (update != base) {
                others.addDeleteSet(update.deletions());
            }
        }
        writeDeletions(gather, base, others.build());
    }

    private static void writeDeletions(Gather gather, @Nullable IndexedUpdate base, RangeSet others) {
        if (base == null) {
            int mark = gather.scratch().size();
            others.writeDeleteSet(gather.scratch());
            gather.commit(mark);
        } else {
            DeletionMerge.write(gather, base, others);
        }
    }

    private void writeStructs() {
        int turn = 0;
        for (int s = nextTurn(); s != NONE; s = nextTurn()) {
            if (blocks == 0 || segments.client(s) != blockClient) {
                finishBlock();
                beginBlock(s);
            }
            lastRead[segments.update(s)] = ++turn;
            write(s);
        }
        finishBlock();
    }

    private int nextTurn() {
        while (true) {
            boolean hasMore = next < order.length;
            if (!waiting.isEmpty() && (!hasMore || segments.compare(waiting.element(), order[next]) < 0)) {
                return waiting.remove();
            }
            if (!hasMore) {
                return NONE;
            }
            if (next == tiesEnd) {
                tiesEnd = orderTies(next);
            }
            if (!waiting.isEmpty() && compare(waiting.element(), order[next]) < 0) {
                return waiting.remove();
            }
            int s = order[next++];
            if (!done.get(s)) {
                return s;
            }
        }
    }

    /** Which of two segments has its turn first. */
    private int compare(int a, int b) {
        int places = segments.compare(a, b);
        int latestFirst = Integer.compare(lastRead[segments.update(b)], lastRead[segments.update(a)]);
        return places != 0 ? places : latestFirst != 0 ? latestFirst : Integer.compare(a, b);
    }

    private void beginBlock(int s) {
        blocks++;
        header = gather.reserve();
        blockClient = segments.client(s);
        blockClock = segments.clock(s);
        blockStructs = 0;
        nextClock = blockClock;
    }

    private void finishBlock() {
        if (blocks > 0) {
            releaseGc();
            int mark = gather.scratch().size();
            gather.scratch().varUint(blockStructs).varUint(blockClient).varUint(blockClock);
            gather.fill(header, mark);
        }
    }

    /** Writes what a segment has beyond {@link #nextClock}, or what the segments after it have if that is nothing. */
    private void write(int s) {
        long clock = segments.clock(s);
        if (clock > nextClock) {
            releaseGc();
            int mark = gather.scratch().size();
            gather.scratch().uint8(StructReader.SKIP).varUint(clock - nextClock);
            gather.commit(mark);
            blockStructs++;
            nextClock = clock;
        }
        if (clock == nextClock && heldGc == 0) {
            copy(s, segments.start(s), segments.structs(s));
            return;
        }
        int from = s;
        while (segments.clockAfter(from) <= nextClock) {
            if (!segments.isFollowed(from) || segments.clock(from + 1) > nextClock) {
                return;
            }
            from++;
            done.set(from);
        }
        writeFrom(from);
    }

    /** Writes what a segment has beyond {@link #nextClock}, which is inside it or at its beginning. */
    private void writeFrom(int s) {
        byte[] bytes = segments.bytes(s);
        StructReader reader = segments.readerBefore(s, nextClock);
        while (reader.next()) {
            long offset = nextClock - reader.clock;
            if (offset >= reader.length) {
                continue;
            }
            if (heldGc > 0 && reader.kind() == StructReader.GC) {
                heldGc += reader.length - offset;
                nextClock = reader.clockAfter();
                segments.beginAt(s, reader);
                waiting.add(s);
            } else if (offset == 0) {
                copy(s, reader.start, reader.structsLeft() + 1);
            } else {
                writeSlice(bytes, reader, offset);
                if (reader.structsLeft() > 0) {
                    copy(s, reader.end, reader.structsLeft());
                }
            }
            return;
        }
    }

    private void writeSlice(byte[] bytes, StructReader reader, long offset) {
        releaseGc();
        nextClock = reader.clockAfter();
        if (reader.kind() == StructReader.GC) {
            heldGc = reader.length - offset;
            return;
        }
        int mark = gather.scratch().size();
        Slice.write(gather.scratch(), bytes, reader, offset);
        gather.commit(mark);
        blockStructs++;
    }

    /** Copies the last structs of a segment as they are, but holds a GC struct at the end back. */
    private void copy(int s, int from, int count) {
        releaseGc();
        byte[] bytes = segments.bytes(s);
        if (segments.endsWithGc(s)) {
            int last = segments.lastStart(s);
            gather.copy(bytes, from, last);
            blockStructs += count - 1;
            heldGc = Input.trusting(bytes, last + 1, segments.end(s)).varUint();
        } else {
            gather.copy(bytes, from, segments.end(s));
            blockStructs += count;
        }
        nextClock = segments.clockAfter(s);
    }

    private void releaseGc() {
        if (heldGc > 0) {
            int mark = gather.scratch().size();
            gather.scratch().uint8(StructReader.GC).varUint(heldGc);
            gather.commit(mark);
            blockStructs++;
            heldGc = 0;
        }
    }

    /** Orders the segments that begin at the same clock as the one at {@code from}. @return the index after them */
    private int orderTies(int from) {
        int to = from + 1;
        while (to < order.length && segments.compare(order[to], order[from]) == 0) {
            to++;
        }
        int count = to - from;
        if (count > 1) {
            long[] read = new long[count];
            for (int i = 0; i < count; i++) {
                read[i] = lastRead[segments.update(order[from + i])];
            }
            int[] latestFirst = ClientClockOrder.of(read, new long[count], count);
            int[] ties = Arrays.copyOfRange(order, from, to);
            for (int i = 0; i < count; i++) {
                order[from + i] = ties[latestFirst[i]];
            }
        }
        return to;
    }
}
