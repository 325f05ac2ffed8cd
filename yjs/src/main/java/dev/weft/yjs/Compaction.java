package dev.weft.yjs;

import java.util.List;

/**
 * One merge of updates that leaves out what is deleted, as a plan of byte ranges: what {@code Y.encodeStateAsUpdate} would
 * write for a document that collects garbage (Yjs {@code Transaction.js}, {@code tryGcDeleteSet} and
 * {@code tryMergeDeleteSet}; {@code Item.js}, {@code gc} and {@code mergeWith}).
 *
 * <p>The merged update is scanned once into a {@linkplain StructTable table}, {@linkplain Integration marked}, and written
 * once, in pieces: each struct is one, or several where only a part is deleted. A piece is held back until the next one shows
 * whether both become one struct. Items are joined if the right one adds nothing to the left but its content, which a later
 * split restores; not
 *
 * <ul>
 *   <li>live items with a key, because the left one of them is to be deleted, which a document does when it integrates the right;
 *   <li>where another struct was inserted between them, because a document would have to split them at once.
 * </ul>
 */
final class Compaction {
    private final StructTable table;
    private final StructIds ids;
    private final Gather gather = new Gather(16);
    private final RangeSet.Builder deletions = new RangeSet.Builder();
    private final HeldStruct held;

    private Compaction(StructTable table) {
        this.table = table;
        ids = new StructIds(table);
        held = new HeldStruct(table, gather);
        table.deletions.addTo(deletions);
    }

    static byte[] of(List<byte[]> updates) {
        StructTable table = updates.size() == 1 ? StructTable.of(updates.getFirst()) : null;
        if (table == null) {
            byte[] merged = Merge.of(updates);
            table = StructTable.of(merged);
            if (table == null) {
                return merged;
            }
        }
        return Integration.mark(table) ? new Compaction(table).write() : Merge.of(List.of(table.bytes));
    }

    private byte[] write() {
        int mark = gather.scratch().size();
        gather.scratch().varUint(table.clientCount());
        gather.commit(mark);
        for (int c = 0; c < table.clientCount(); c++) {
            writeBlock(c);
        }
        mark = gather.scratch().size();
        deletions.build().writeDeleteSet(gather.scratch());
        gather.commit(mark);
        return gather.toByteArray();
    }

    private void writeBlock(int c) {
        int header = gather.reserve();
        held.beginBlock(table.client(c));
        RangeSet.Cursor deleted = table.deletions.cursor(table.client(c));
        for (int s = table.first(c); s < table.endMark(c); s++) {
            if (table.has(s, StructTable.COLLECTED)) {
                collected(c, s);
            } else if (table.has(s, StructTable.DELETED)) {
                deleted(c, s);
            } else if (table.has(s, StructTable.PARTLY_DELETED)) {
                parts(s, deleted);
            } else {
                live(s);
            }
        }
        held.release();
        int mark = gather.scratch().size();
        gather.scratch().varUint(held.structs()).varUint(table.client(c)).varUint(0);
        gather.fill(header, mark);
    }

    private void collected(int c, int s) {
        addDeletion(c, s);
        if (held.isGc()) {
            held.lengthen(table.clockAfter(s) - table.clock(s));
        } else {
            held.holdGc(s);
        }
    }

    private void deleted(int c, int s) {
        addDeletion(c, s);
        ids.read(s);
        if (held.isDeleted() && continuesHeld(s)) {
            held.lengthen(table.clockAfter(s) - table.clock(s));
        } else {
            held.holdDeleted(s, table.clock(s), table.clockAfter(s), ids);
        }
    }

    private void addDeletion(int c, int s) {
        if (!table.deletions.covers(table.client(c), table.clock(s), table.clockAfter(s))) {
            deletions.add(table.client(c), table.clock(s), table.clockAfter(s));
        }
    }

    private void live(int s) {
        int kind = table.info(s) & StructReader.KIND;
        if (!HeldStruct.isJoinable(kind)) {
            held.holdLive(s);
            return;
        }
        ids.read(s);
        if (joinsHeldLive(s, kind)) {
            held.append(s, ids);
        } else {
            held.holdLive(s, ids);
        }
    }

    /** Writes the live and the deleted parts of an item one by one. */
    private void parts(int s, RangeSet.Cursor deleted) {
        ids.read(s);
        int kind = table.info(s) & StructReader.KIND;
        ContentCursor content = new ContentCursor(table.bytes, kind, ids.contentStart, table.end(s));
        long first = table.clock(s);
        long end = table.clockAfter(s);
        for (long from = first; from < end; ) {
            deleted.seek(from);
            boolean isDeleted = deleted.from() <= from;
            long to = Math.min(end, isDeleted ? deleted.to() : deleted.from());
            content.pass(to - from);
            boolean isFirst = from == first;
            if (isDeleted) {
                if (isFirst && held.isDeleted() && continuesHeld(s)) {
                    held.lengthen(to - from);
                } else {
                    held.holdDeleted(s, from, to, ids);
                }
            } else {
                if (!isFirst || !joinsHeldLive(s, kind)) {
                    held.open(s, from, ids);
                }
                held.append(content, to - from);
            }
            from = to;
        }
    }

    private boolean joinsHeldLive(int s, int kind) {
        return held.isLive(kind) && !table.has(s, StructTable.KEYED) && continuesHeld(s);
    }

    /** Whether item {@code s}, whose ids were read, adds nothing to the held one but its content. */
    private boolean continuesHeld(int s) {
        return ids.originClient == held.client()
                && ids.originClock == table.clock(s) - 1
                && ids.rightClient == held.rightClient()
                && ids.rightClock == held.rightClock()
                && !table.has(s - 1, StructTable.ORIGIN_OF_ANOTHER)
                && !table.has(s, StructTable.RIGHT_ORIGIN_OF_ANOTHER);
    }
}
