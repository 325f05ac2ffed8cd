package dev.weft.yjs;

/**
 * One difference between an indexed update and a state vector: what {@link Diff} gives, without a scan. Of each client that is
 * known in part, at most {@link Checkpoints#SPACING} structs are read.
 */
final class IndexedDiff {
    private IndexedDiff() {}

    static Gather of(IndexedUpdate update, StateVector have) {
        byte[] bytes = update.bytes();
        IndexTables tables = update.tables();
        if (!tables.structs().isDescending()) {
            return Diff.plan(bytes, have);
        }
        IndexTable structs = tables.structs();
        Gather gather = new Gather(16);
        int place = gather.reserve();
        int blocks = 0;
        for (int b = 0; b < structs.blocks(); b++) {
            long known = have.clock(structs.client(b));
            int r = structs.runBeyond(b, known);
            if (r < structs.firstRun(b + 1)) {
                block(gather, bytes, structs, r, known);
                blocks++;
            }
        }
        int mark = gather.scratch().size();
        gather.scratch().varUint(blocks);
        gather.fill(place, mark);
        if (tables.hasCanonicalDeletions()) {
            gather.copy(bytes, tables.deletions().start(), tables.length());
        } else {
            Diff.deleteSet(
                    gather, bytes, Input.trusting(bytes, tables.deletions().start(), tables.length()));
        }
        return gather;
    }

    /** Adds what one block has beyond {@code have}, which begins in run {@code r}. */
    private static void block(Gather gather, byte[] bytes, IndexTable structs, int r, long have) {
        int b = structs.block(r);
        int after = structs.blockEntries(b) - structs.before(r);
        int from = structs.from(r);
        long clock = structs.clock(r);
        if (have <= clock) {
            header(gather, after, structs.client(b), clock);
        } else {
            StructReader reader = IndexWalk.structAt(bytes, structs, r, have);
            after -= structs.entries(r) - reader.structsLeft() - 1;
            int mark = header(gather, after, structs.client(b), have);
            from = reader.start;
            if (have > reader.clock) {
                from = reader.end;
                Slice.write(gather.scratch(), bytes, reader, have - reader.clock);
                gather.commit(mark);
            }
        }
        gather.copy(bytes, from, structs.blockEnd(b));
    }

    private static int header(Gather gather, int structs, long client, long clock) {
        int mark = gather.scratch().size();
        gather.scratch().varUint(structs).varUint(client).varUint(clock);
        gather.commit(mark);
        return gather.scratch().size();
    }
}
