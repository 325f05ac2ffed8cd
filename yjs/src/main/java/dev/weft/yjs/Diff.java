package dev.weft.yjs;

import java.util.List;

/**
 * One difference between an update and a state vector (Yjs {@code updates.js}, {@code diffUpdateV2}), as a plan of byte
 * ranges: of each client everything from the first struct on that reaches beyond the state vector, and all deletions.
 */
final class Diff {
    private Diff() {}

    static byte[] of(byte[] update, StateVector have) {
        return plan(update, have).toByteArray();
    }

    static Gather plan(byte[] update, StateVector have) {
        Input in = Input.trusting(update);
        Gather gather = new Gather(16);
        int place = gather.reserve();
        StructReader reader = StructReader.passingIds(in);
        int blocks = 0;
        long previous = Long.MAX_VALUE;
        while (reader.nextBlock()) {
            if (reader.client >= previous) {
                // Yjs would lose one of two blocks of a client; sorted and joined there is one.
                return plan(Merge.of(List.of(update)), have);
            }
            previous = reader.client;
            blocks += block(gather, update, reader, have.clock(reader.client));
        }
        int mark = gather.scratch().size();
        gather.scratch().varUint(blocks);
        gather.fill(place, mark);
        deleteSet(gather, update, in);
        return gather;
    }

    /** Adds what one block has beyond {@code have}. @return 1 if there was any, else 0 */
    private static int block(Gather gather, byte[] update, StructReader reader, long have) {
        boolean found = false;
        while (!found && reader.next()) {
            found = reader.kind() != StructReader.SKIP && reader.clockAfter() > have;
            if (!found) {
                reader.passCommon(have);
            }
        }
        if (!found) {
            return 0;
        }
        long offset = Math.max(have - reader.clock, 0);
        int mark = gather.scratch().size();
        gather.scratch()
                .varUint(reader.structsLeft() + 1L)
                .varUint(reader.client)
                .varUint(reader.clock + offset);
        int from = reader.start;
        if (offset > 0) {
            from = reader.end;
            Slice.write(gather.scratch(), update, reader, offset);
        }
        gather.commit(mark);
        do {
            reader.passCommon(Input.MAX_INTEGER);
        } while (reader.next());
        gather.copy(update, from, reader.end);
        return 1;
    }

    /** Adds the delete set at which the input stands, and demands that the update ends there. */
    static void deleteSet(Gather gather, byte[] update, Input in) {
        int start = in.position();
        DeleteSetReader reader = new DeleteSetReader(in);
        while (reader.next()) {
            // Only to its end, and to learn whether it can be copied.
        }
        int end = in.position();
        in.expectEnd();
        if (reader.isCanonical()) {
            gather.copy(update, start, end);
            return;
        }
        RangeSet.Builder deletions = new RangeSet.Builder();
        deletions.addDeleteSet(Input.trusting(update, start, end));
        int mark = gather.scratch().size();
        deletions.build().writeDeleteSet(gather.scratch());
        gather.commit(mark);
    }
}
