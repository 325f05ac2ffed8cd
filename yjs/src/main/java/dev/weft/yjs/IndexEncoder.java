package dev.weft.yjs;

/** Writes an index, in the format that {@link UpdateIndex} describes. */
final class IndexEncoder {
    static final int VERSION = 1;
    static final int CANONICAL_DELETIONS = 1;

    private final Output out;
    private final IndexTable table;

    private IndexEncoder(Output out, IndexTable table) {
        this.out = out;
        this.table = table;
    }

    static byte[] encode(IndexTables tables, int checksum) {
        Output out = new Output(256);
        out.uint8(VERSION).varUint(tables.length());
        uint32(out, checksum);
        out.uint8(tables.hasCanonicalDeletions() ? CANONICAL_DELETIONS : 0);
        new IndexEncoder(out, tables.structs()).table();
        new IndexEncoder(out, tables.deletions()).table();
        uint32(out, UpdateIndex.checksum(out.array(), 0, out.size()));
        return out.toByteArray();
    }

    private static void uint32(Output out, int value) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            out.uint8(value >>> shift);
        }
    }

    private void table() {
        int first = table.blocks() > 0 ? table.header(0) : table.end();
        out.varUint(table.blocks()).varUint(first - table.start());
        for (int b = 0; b < table.blocks(); b++) {
            block(b);
        }
    }

    private void block(int b) {
        out.varUint(table.client(b)).varUint(table.entriesStart(b) - table.header(b));
        out.varUint(table.firstRun(b + 1) - table.firstRun(b));
        int entries = 0;
        int position = table.entriesStart(b);
        long clock = 0;
        for (int r = table.firstRun(b); r < table.firstRun(b + 1); r++) {
            gap(table.before(r) - entries, table.from(r) - position);
            run(r, clock);
            entries = table.before(r) + table.entries(r);
            position = table.to(r);
            clock = table.clockAfter(r);
        }
        gap(table.blockEntries(b) - entries, table.blockEnd(b) - position);
    }

    private void gap(int skips, int bytes) {
        out.varUint(skips);
        if (skips > 0) {
            out.varUint(bytes);
        }
    }

    private void run(int r, long clockBefore) {
        out.varUint(table.clock(r) - clockBefore).varUint(table.entries(r));
        out.varUint(table.clockAfter(r) - table.clock(r)).varUint(table.to(r) - table.from(r));
        out.varUint(table.to(r) - table.last(r)).varUint(table.firstPlace(r + 1) - table.firstPlace(r));
        Checkpoints places = table.places();
        int entry = 0;
        long clock = table.clock(r);
        int offset = table.from(r);
        for (int i = table.firstPlace(r); i < table.firstPlace(r + 1); i++) {
            out.varUint(places.entry(i) - entry)
                    .varUint(places.clock(i) - clock)
                    .varUint(places.offset(i) - offset);
            entry = places.entry(i);
            clock = places.clock(i);
            offset = places.offset(i);
        }
    }
}
