package dev.weft.yjs;

/** Whether an indexed update, whose clients are sorted and whose deletions are canonical, holds all of another update. */
final class IndexedCover {
    private IndexedCover() {}

    static boolean covers(IndexedUpdate indexed, byte[] update) {
        IndexTables tables = indexed.tables();
        Input in = Input.trusting(update);
        StructReader reader = StructReader.of(in);
        while (reader.nextBlock()) {
            int b = tables.structs().blockOf(reader.client);
            while (reader.next()) {
                if (reader.kind() != StructReader.SKIP && !holds(tables.structs(), b, reader)) {
                    return false;
                }
            }
        }
        DeleteSetReader deleted = new DeleteSetReader(in);
        while (deleted.next()) {
            if (!holds(indexed.bytes(), tables.deletions(), deleted)) {
                return false;
            }
        }
        return true;
    }

    private static boolean holds(IndexTable structs, int b, StructReader reader) {
        if (b < 0) {
            return false;
        }
        int r = structs.runBeyond(b, reader.clock);
        return r < structs.firstRun(b + 1)
                && structs.clock(r) <= reader.clock
                && reader.clockAfter() <= structs.clockAfter(r);
    }

    private static boolean holds(byte[] bytes, IndexTable deletions, DeleteSetReader deleted) {
        int b = deletions.blockOf(deleted.client);
        if (b < 0) {
            return false;
        }
        DeletionCursor cursor = new DeletionCursor(bytes, deletions, deletions.firstRun(b), deleted.clockAfter());
        return cursor.from() <= deleted.clock;
    }
}
