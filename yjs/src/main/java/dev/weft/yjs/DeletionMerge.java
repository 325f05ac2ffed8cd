package dev.weft.yjs;

/**
 * The union of a delete set that is indexed and of other deletions, as a plan of byte ranges. The indexed one is canonical, so
 * what nothing else touches is copied as it is; the places where something is inserted are found by its checkpoints.
 */
final class DeletionMerge {
    private final Gather gather;
    private final byte[] bytes;
    private final IndexTable table;
    private final RangeSet others;

    private DeletionMerge(Gather gather, byte[] bytes, IndexTable table, RangeSet others) {
        this.gather = gather;
        this.bytes = bytes;
        this.table = table;
        this.others = others;
    }

    /** Adds the union of the deletions of an update, which must be canonical, and of others. */
    static void write(Gather gather, IndexedUpdate base, RangeSet others) {
        new DeletionMerge(gather, base.bytes(), base.tables().deletions(), others).write();
    }

    private void write() {
        int place = gather.reserve();
        int clients = 0;
        int b = 0;
        int o = 0;
        while (b < table.blocks() || o < others.clients()) {
            long ofBase = b < table.blocks() ? table.client(b) : -1;
            long ofOthers = o < others.clients() ? others.client(o) : -1;
            if (ofBase > ofOthers) {
                gather.copy(bytes, table.header(b), table.blockEnd(b));
                b++;
            } else if (ofBase < ofOthers) {
                int mark = gather.scratch().size();
                others.writeDeletions(gather.scratch(), o);
                gather.commit(mark);
                o++;
            } else {
                client(table.firstRun(b), others.cursor(ofBase));
                b++;
                o++;
            }
            clients++;
        }
        int mark = gather.scratch().size();
        gather.scratch().varUint(clients);
        gather.fill(place, mark);
    }

    /** Writes the union of one run and the others' deletions of the same client. */
    private void client(int r, RangeSet.Cursor other) {
        int header = gather.reserve();
        long count = table.entries(r);
        int copied = table.from(r);
        DeletionCursor base = new DeletionCursor(bytes, table, r, other.from());
        while (other.from() < Long.MAX_VALUE) {
            long from = other.from();
            long to = other.to();
            other.seek(to);
            base.seek(from);
            if (base.from() <= from && to <= base.to()) {
                continue;
            }
            gather.copy(bytes, copied, base.start());
            while (base.from() <= to || other.from() <= to) {
                if (base.from() <= to) {
                    from = Math.min(from, base.from());
                    to = Math.max(to, base.to());
                    count--;
                    base.next();
                } else {
                    to = Math.max(to, other.to());
                    other.seek(other.to());
                }
            }
            int mark = gather.scratch().size();
            gather.scratch().varUint(from).varUint(to - from);
            gather.commit(mark);
            count++;
            copied = base.start();
        }
        gather.copy(bytes, copied, table.to(r));
        int mark = gather.scratch().size();
        gather.scratch().varUint(table.client(table.block(r))).varUint(count);
        gather.fill(header, mark);
    }
}
