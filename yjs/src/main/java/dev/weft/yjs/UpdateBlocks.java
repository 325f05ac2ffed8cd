package dev.weft.yjs;

import java.util.Arrays;
import java.util.List;

/** An update that is known to be well-formed, and where in it the blocks of structs and the deletions lie. */
final class UpdateBlocks {
    final byte[] update;
    private long[] clients = new long[2];
    private long[] clocks = new long[2];
    private int[] structs = new int[2];
    private int[] starts = new int[2];
    private int size;
    private int deletionsStart;

    private UpdateBlocks(byte[] update) {
        this.update = update;
    }

    /**
     * Checks every byte, as {@link Updates#check} does, and notes the places on the way.
     *
     * @throws MalformedException at the first byte that makes no sense
     */
    static UpdateBlocks check(byte[] update) {
        return read(update, Input.checking(update, 0, update.length));
    }

    /** The same for an update that was checked before. */
    static UpdateBlocks of(byte[] update) {
        return read(update, Input.trusting(update));
    }

    private static UpdateBlocks read(byte[] update, Input in) {
        UpdateBlocks blocks = new UpdateBlocks(update);
        StructReader reader = StructReader.of(in);
        while (reader.nextBlock()) {
            if (reader.structsLeft() > 0) {
                blocks.add(reader.client, reader.clockAfter(), reader.structsLeft(), in.position());
            }
            while (reader.next()) {
                // Reading is checking.
            }
        }
        blocks.deletionsStart = in.position();
        DeleteSetReader deletions = new DeleteSetReader(in);
        while (deletions.next()) {
            // The same.
        }
        in.expectEnd();
        return blocks.hasTwoBlocksOfOneClient() ? of(Updates.merge(List.of(update))) : blocks;
    }

    private void add(long client, long clock, int count, int start) {
        if (size == clients.length) {
            clients = Arrays.copyOf(clients, size * 2);
            clocks = Arrays.copyOf(clocks, size * 2);
            structs = Arrays.copyOf(structs, size * 2);
            starts = Arrays.copyOf(starts, size * 2);
        }
        clients[size] = client;
        clocks[size] = clock;
        structs[size] = count;
        starts[size] = start;
        size++;
    }

    /** Yjs would forget the first of them; merging makes one block of both. */
    private boolean hasTwoBlocksOfOneClient() {
        long previous = Long.MAX_VALUE;
        for (int i = 0; i < size; i++) {
            if (clients[i] >= previous) {
                long[] sorted = Arrays.copyOf(clients, size);
                Arrays.sort(sorted);
                for (int k = 1; k < size; k++) {
                    if (sorted[k] == sorted[k - 1]) {
                        return true;
                    }
                }
                return false;
            }
            previous = clients[i];
        }
        return false;
    }

    /** A cursor for each block, clients in descending order. */
    BlockCursor[] cursors() {
        int[] order = ClientClockOrder.of(clients, clocks, size);
        BlockCursor[] cursors = new BlockCursor[size];
        for (int i = 0; i < size; i++) {
            int block = order[i];
            Input in = Input.trusting(update, starts[block], update.length);
            cursors[i] = new BlockCursor(in, clients[block], clocks[block], structs[block]);
        }
        return cursors;
    }

    DeleteSetReader deletions() {
        return new DeleteSetReader(Input.trusting(update, deletionsStart, update.length));
    }
}
