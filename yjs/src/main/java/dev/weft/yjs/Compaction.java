package dev.weft.yjs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One merge of updates that leaves out what is deleted: what {@code Y.encodeStateAsUpdate} would write for a document that
 * collects garbage (Yjs {@code Transaction.js}, {@code tryGcDeleteSet} and {@code tryMergeDeleteSet}; {@code Item.js},
 * {@code gc} and {@code mergeWith}).
 *
 * <p>The updates are {@linkplain StructScan scanned} once into a {@linkplain StructTable table}, which is
 * {@linkplain Integration marked}, and written once, in pieces: each struct is one, or several where only a part is deleted. A
 * piece is {@linkplain HeldStruct held back} until the next one shows whether both become one struct. Items are joined if the
 * right one adds nothing to the left but its content, which a later split restores; not
 *
 * <ul>
 *   <li>live items with a key, because the left one of them is to be deleted, which a document does when it integrates the right;
 *   <li>where another struct was inserted between them, because a document would have to split them at once.
 * </ul>
 *
 * An item with a key is not cut where a part of it is deleted, because that part would then be the value of the key. No client writes
 * such an item.
 *
 * <p>A document in which nothing is deleted and no two items can become one is written as it is, without any of this.
 */
final class Compaction {
    /** What makes a struct something else than a copy of itself. */
    private static final int DEAD = StructTable.COLLECTED | StructTable.DELETED | StructTable.PARTLY_DELETED;

    private static final int CHANGED = DEAD | StructTable.FOLLOWS;

    private final StructTable table;
    private final byte[] marks;
    private final int[] start;
    private final long[] clock;
    private final DeleteSet deletions;
    private final Assembly out = new Assembly(64);
    private final HeldStruct held = new HeldStruct(out);
    /** What is dead without a deletion. */
    private final RangeSet.Builder moreDeletions = new RangeSet.Builder();

    // The block being written, and the update in which its structs lie.
    private long client;
    private DeleteSet.Cursor deleted;
    private byte[] bytes = {};

    private Compaction(StructTable table, DeleteSet deletions) {
        this.table = table;
        this.deletions = deletions;
        marks = table.marks;
        start = table.start;
        clock = table.clock;
        deleted = deletions.cursor(0);
    }

    static byte[] of(List<byte[]> updates) {
        StructScan scan = new StructScan(updates);
        StructTable table = scan.table();
        if (table != null) {
            byte[] collected = collect(scan, table);
            return collected != null ? collected : Merge.of(updates);
        }
        boolean overlaps = scan.overlaps();
        byte[] merged = Merge.of(updates);
        return overlaps ? of(List.of(merged)) : merged;
    }

    /** Null if structs depend on what is missing, or contradict each other. */
    private static byte @Nullable [] collect(StructScan scan, StructTable table) {
        DeleteSet deletions = scan.deletions();
        if (scan.mayBeCollected() || scan.mayBeJoined()) {
            table.markDeleted(deletions);
            if (!Integration.mark(table)) {
                return null;
            }
        }
        return new Compaction(table, deletions).write();
    }

    private byte[] write() {
        out.out().varUint(table.clientCount());
        for (int c = 0; c < table.clientCount(); c++) {
            writeBlock(c);
        }
        deletions.union(DeleteSet.of(moreDeletions.build())).writeTo(out);
        return out.toByteArray();
    }

    private void writeBlock(int c) {
        int header = out.reserve();
        client = table.client(c);
        deleted = deletions.cursor(client);
        held.beginBlock(client);
        for (int g = table.firstSegment(c); g < table.firstSegment(c + 1); g++) {
            writeSegment(g);
        }
        held.release();
        int mark = out.out().size();
        out.out().varUint(held.structs()).varUint(client).varUint(0);
        out.fill(header, mark);
    }

    private void writeSegment(int g) {
        bytes = table.source(g);
        int endRow = table.endRow(g);
        int row = table.firstRow(g);
        while (row < endRow) {
            int first = row;
            while (row < endRow && (marks[row] & CHANGED) == 0) {
                row++;
            }
            if (row > first) {
                held.keep(bytes, start[first], start[row - 1], end(g, row - 1), row - first);
            }
            if (row < endRow) {
                write(row, end(g, row));
                row++;
            }
        }
    }

    /** Writes a struct that may not stay as it is, and ends at {@code to}. */
    private void write(int row, int to) {
        int mark = marks[row];
        if ((mark & StructTable.COLLECTED) != 0) {
            collected(row, to);
        } else if ((mark & StructTable.DELETED) != 0) {
            deleted(row, to);
        } else if ((mark & StructTable.PARTLY_DELETED) != 0 && (mark & StructTable.KEYED) == 0) {
            parts(row, to);
        } else {
            live(row, to);
        }
    }

    private void collected(int row, int to) {
        addDeletion(row);
        if (held.is(StructReader.GC)) {
            held.lengthen(clock[row + 1] - clock[row]);
        } else if (kind(row) == StructReader.GC) {
            keep(row, to);
        } else {
            held.holdGc(clock[row + 1] - clock[row]);
        }
    }

    private void deleted(int row, int to) {
        addDeletion(row);
        if (held.is(StructReader.DELETED) && continuesHeld(row)) {
            held.lengthen(clock[row + 1] - clock[row]);
        } else if (kind(row) == StructReader.DELETED) {
            keep(row, to);
        } else {
            held.holdDeleted(bytes, start[row], HeldStruct.OWN_ORIGIN, clock[row + 1] - clock[row]);
        }
    }

    private void addDeletion(int row) {
        deleted.seek(clock[row]);
        if (deleted.from() > clock[row] || deleted.to() < clock[row + 1]) {
            moreDeletions.add(client, clock[row], clock[row + 1]);
        }
    }

    private void live(int row, int to) {
        if (joinsHeld(row)) {
            held.append(bytes, StructIds.contentStart(bytes, start[row]), to);
        } else {
            keep(row, to);
        }
    }

    private void keep(int row, int to) {
        held.keep(bytes, start[row], start[row], to, 1);
    }

    /** Writes the live and the deleted parts of an item one by one. */
    private void parts(int row, int to) {
        int contentStart = StructIds.contentStart(bytes, start[row]);
        ContentCursor content = new ContentCursor(bytes, kind(row), contentStart, to);
        long first = clock[row];
        long end = clock[row + 1];
        for (long from = first; from < end; ) {
            deleted.seek(from);
            boolean isDeleted = deleted.from() <= from;
            long until = Math.min(end, isDeleted ? deleted.to() : deleted.from());
            content.pass(until - from);
            boolean isFirst = from == first;
            long origin = isFirst ? HeldStruct.OWN_ORIGIN : from - 1;
            if (isDeleted) {
                if (isFirst && held.is(StructReader.DELETED) && continuesHeld(row)) {
                    held.lengthen(until - from);
                } else {
                    held.holdDeleted(bytes, start[row], origin, until - from);
                }
            } else {
                if (!isFirst || !joinsHeld(row)) {
                    held.holdContent(bytes, start[row], origin);
                }
                held.append(content, until - from);
            }
            from = until;
        }
    }

    /** Whether a live item may become one with the held one. */
    private boolean joinsHeld(int row) {
        int kind = kind(row);
        return HeldStruct.isJoinable(kind)
                && held.is(kind)
                && (marks[row] & StructTable.KEYED) == 0
                && continuesHeld(row);
    }

    /** Whether an item adds nothing to the one before but its content. */
    private boolean continuesHeld(int row) {
        return (marks[row] & (StructTable.FOLLOWS | StructTable.RIGHT_ORIGIN_OF_ANOTHER)) == StructTable.FOLLOWS
                && (marks[row - 1] & StructTable.ORIGIN_OF_ANOTHER) == 0;
    }

    /** Where the struct of a row of segment {@code g} ends. */
    private int end(int g, int row) {
        return row + 1 < table.endRow(g) ? start[row + 1] : table.end(g);
    }

    private int kind(int row) {
        return bytes[start[row]] & StructReader.KIND;
    }
}
