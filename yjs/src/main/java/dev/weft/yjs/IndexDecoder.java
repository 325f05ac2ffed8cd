package dev.weft.yjs;

/**
 * Reads an index, in the format that {@link UpdateIndex} describes, and checks that everything lies within the update, in
 * order, and takes the room that it must. Memory is bounded by a small multiple of the bytes. Not thread-safe.
 */
final class IndexDecoder {
    private static final int CHECKSUM_BYTES = Integer.BYTES;

    private static final int MIN_BLOCK_BYTES = 4;
    private static final int MIN_RUN_BYTES = 7;
    private static final int MIN_PLACE_BYTES = 3;

    /** What a struct or a range of deletions takes in an update. */
    private static final int MIN_ENTRY_BYTES = 2;

    private final Input in;
    private final int checksumOfIndex;
    /** How many bytes the update has. */
    private int length;
    /** Where in the update the next thing begins. */
    private int position;

    IndexDecoder(byte[] bytes) {
        int end = Math.max(0, bytes.length - CHECKSUM_BYTES);
        in = Input.trusting(bytes, 0, end);
        checksumOfIndex = UpdateIndex.checksum(bytes, 0, end);
    }

    UpdateIndex decode() {
        int version = in.uint8();
        if (version != IndexEncoder.VERSION) {
            throw new MalformedException(
                    0, "an index of version " + IndexEncoder.VERSION + " was expected, not of " + version);
        }
        // Before anything else: damaged bytes are not worth an explanation.
        Input last = Input.trusting(in.bytes(), 1 + in.remaining(), in.bytes().length);
        if (uint32(last) != checksumOfIndex) {
            throw new MalformedException(1 + in.remaining(), "the checksum of the index was expected");
        }
        length = upTo(Output.MAX_SIZE, "the length of an update");
        int checksum = uint32(in);
        int flags = in.uint8();
        if ((flags & ~IndexEncoder.CANONICAL_DELETIONS) != 0) {
            throw new MalformedException(in.position() - 1, "no further flag was expected");
        }
        boolean isCanonical = flags != 0;
        IndexTable structs = table(false);
        IndexTable deletions = table(true);
        if (position != length || !deletions.isDescending() || (!isCanonical && deletions.blocks() > 0)) {
            throw new MalformedException(in.position(), "deletions to the end of the update were expected");
        }
        in.expectEnd();
        return new UpdateIndex(new IndexTables(structs, deletions, isCanonical), checksum);
    }

    private IndexTable table(boolean isDeletions) {
        IndexTable.Builder table = new IndexTable.Builder(position);
        int blocks = in.count(MIN_BLOCK_BYTES, "blocks");
        advance(1);
        for (int b = 0; b < blocks; b++) {
            long client = in.varUint();
            int header = position;
            advance(MIN_ENTRY_BYTES);
            // Its runs tell how many entries it has.
            table.beginBlock(client, header, position);
            int runs = in.count(MIN_RUN_BYTES, "runs");
            if (isDeletions && runs != 1) {
                throw new MalformedException(in.position(), "one run of deletions was expected");
            }
            long clock = 0;
            for (int r = 0; r < runs; r++) {
                gap(table, r > 0);
                clock = run(table, clock);
            }
            gap(table, false);
        }
        return table.build(position);
    }

    private void gap(IndexTable.Builder table, boolean isNeeded) {
        int at = in.position();
        int skips = upTo((length - position) / MIN_ENTRY_BYTES, "Skip structs");
        if (skips > 0) {
            table.skip(skips);
            advance(skips * MIN_ENTRY_BYTES);
        } else if (isNeeded) {
            throw new MalformedException(at, "a gap between two runs was expected");
        }
    }

    /** @return the clock after the run */
    private long run(IndexTable.Builder table, long clockBefore) {
        int at = in.position();
        long clock = clockBefore + in.varUint();
        int entries = upTo((length - position) / MIN_ENTRY_BYTES, "entries");
        long clocks = in.varUint();
        if (entries == 0 || clocks < entries || clock > Input.MAX_INTEGER - clocks) {
            throw new MalformedException(at, "entries with clocks up to 2^53 - 1 were expected");
        }
        table.beginRun(position, clock);
        int from = position;
        advance(entries * MIN_ENTRY_BYTES);
        int last = upTo(position - from, "bytes of the last entry");
        int places = in.count(MIN_PLACE_BYTES, "places");
        int entry = 0;
        long placeClock = clock;
        int offset = from;
        for (int i = 0; i < places; i++) {
            int before = in.position();
            int more = upTo(entries - 1 - entry, "entries before a place");
            entry += more;
            long moreClocks = in.varUint();
            placeClock += moreClocks;
            int moreBytes = upTo(position - MIN_ENTRY_BYTES - offset, "bytes before a place");
            offset += moreBytes;
            if (more == 0 || moreClocks < more || placeClock >= clock + clocks || moreBytes < more * MIN_ENTRY_BYTES) {
                throw new MalformedException(before, "a place inside the run was expected");
            }
            table.place(offset, placeClock, entry);
        }
        table.add(position - last, position, clock + clocks, entries);
        table.endRun();
        return clock + clocks;
    }

    /** Goes on in the update by a number of bytes that is read. */
    private void advance(int atLeast) {
        int at = in.position();
        int bytes = upTo(length - position, "bytes of the update");
        if (bytes < atLeast) {
            throw new MalformedException(at, "at least " + atLeast + " bytes of the update were expected");
        }
        position += bytes;
    }

    private int upTo(int most, String things) {
        int at = in.position();
        long number = in.varUint();
        if (number > most) {
            throw new MalformedException(at, "at most " + most + " " + things + " were expected, not " + number);
        }
        return (int) number;
    }

    private static int uint32(Input in) {
        int value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            value |= in.uint8() << shift;
        }
        return value;
    }
}
