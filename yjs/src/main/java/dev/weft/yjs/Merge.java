package dev.weft.yjs;

import java.util.Arrays;
import java.util.List;

/**
 * One merge of updates (Yjs {@code updates.js}, {@code mergeUpdatesV2}), as a plan of byte ranges.
 *
 * <p>Each update is scanned once for its {@linkplain Segments segments}. They are sorted, then written one after the other:
 * whole where nothing overlaps, else from the first clock that is not written yet. Where clocks are missing, a Skip struct
 * stands. Time is linear in the bytes, plus sorting the segments, which costs nothing where they come in order.
 *
 * <p>Yjs instead sorts its readers again at each step. The result is the same to the byte, which matters where updates
 * overlap and differ, because one has cut a string inside a surrogate pair. It needs one rule: of segments that begin at the
 * same clock, the one whose update was read from last comes first, because Yjs's sort is stable and that reader stands in
 * front; updates not read from yet come last, as they were given. (Where one update has collected what another holds, Yjs's
 * comparison says "before" both ways, and its choice depends on the engine; here the rule stays the same.)
 */
final class Merge {
    private final Segments segments;
    private final RangeSet.Builder deletions = new RangeSet.Builder();
    /** For each update when it was read from last, counted in segments; 0 if not yet. */
    private final int[] lastRead;

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

    private Merge(List<byte[]> updates) {
        segments = new Segments(updates);
        lastRead = new int[updates.size()];
        gather = new Gather(updates.size() + 4);
        for (int i = 0; i < updates.size(); i++) {
            Input in = Input.trusting(updates.get(i));
            segments.scan(i, in);
            deletions.addDeleteSet(in);
            in.expectEnd();
        }
    }

    static byte[] of(List<byte[]> updates) {
        return new Merge(updates).write();
    }

    private byte[] write() {
        int place = gather.reserve();
        writeStructs();
        int mark = gather.scratch().size();
        gather.scratch().varUint(blocks);
        gather.fill(place, mark);

        mark = gather.scratch().size();
        deletions.build().writeDeleteSet(gather.scratch());
        gather.commit(mark);
        return gather.toByteArray();
    }

    private void writeStructs() {
        int[] order = segments.order();
        int tiesEnd = 0;
        for (int i = 0; i < order.length; i++) {
            if (i == tiesEnd) {
                tiesEnd = orderTies(order, i);
            }
            int s = order[i];
            if (blocks == 0 || segments.client(s) != blockClient) {
                finishBlock();
                beginBlock(s);
            }
            lastRead[segments.update(s)] = i + 1;
            write(s);
        }
        finishBlock();
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

    /** Writes what a segment has beyond {@link #nextClock}. */
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
        } else if (segments.clockAfter(s) > nextClock) {
            writeFrom(s);
        }
    }

    /** Writes what a segment has beyond {@link #nextClock}, which is inside it or at its beginning. */
    private void writeFrom(int s) {
        byte[] bytes = segments.bytes(s);
        Input in = Input.trusting(bytes, segments.start(s), segments.end(s));
        StructReader reader = StructReader.inside(in, segments.client(s), segments.clock(s), segments.structs(s));
        while (reader.next()) {
            long offset = nextClock - reader.clock;
            if (offset >= reader.length) {
                continue;
            }
            if (heldGc > 0 && reader.kind() == StructReader.GC) {
                heldGc += reader.length - offset;
                nextClock = reader.clockAfter();
                continue;
            }
            if (offset == 0) {
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
    private int orderTies(int[] order, int from) {
        int to = from + 1;
        while (to < order.length && segments.isTie(order[to], order[from])) {
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
