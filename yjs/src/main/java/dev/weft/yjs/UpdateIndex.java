package dev.weft.yjs;

import java.util.zip.CRC32C;

/**
 * Where the structs and the deletions of an update lie: a small table that is stored beside a document, so that merging it,
 * or taking a difference from it, need not scan it ({@link IndexedUpdate}). It takes some bytes for each kilobyte of the document and
 * is always optional: without it, the results are the same. Made in one scan. Immutable, safe for use by many threads.
 *
 * <p>Encoded, in the order of the bytes ({@code docs/reference/side-index.md} says more):
 *
 * <pre>
 *   index     uint8 version = 1, varUint length of the update, uint32 its CRC-32C, uint8 1 if the delete set is canonical, else 0,
 *             table of the structs, table of the deletions, uint32 CRC-32C of all before
 *   table     varUint blocks, varUint bytes of that number in the update (of the whole half if there is no block), the blocks
 *   block     varUint client, varUint bytes of its header in the update, varUint runs, for each run a gap and the run, a gap
 *   gap       varUint Skip structs, and if there are any, varUint their bytes
 *   run       varUint first clock less the clock after the run before, varUint entries, varUint clocks, varUint bytes,
 *             varUint bytes of the last entry, varUint places, the places
 *   place     varUint entries, varUint clocks, varUint bytes, each counted from the place before, or from the run's beginning
 * </pre>
 *
 * Integers of 32 bits are little endian. An <em>entry</em> is a struct, or one range of deletions; a <em>run</em> holds structs
 * without a Skip between them, or all deletions of a client. A <em>place</em> is where a reader may begin; there is one at
 * least every 64 entries. Where the delete set is not canonical (what a merge writes: clients descending, ranges ascending and
 * joined, integers in as few bytes as possible) its table has no blocks. The index knows its update by length and checksum,
 * and is as trustworthy as the place that both are stored in: whoever could forge an index could forge the update.
 */
public final class UpdateIndex {
    private final IndexTables tables;
    private final int checksum;

    UpdateIndex(IndexTables tables, int checksum) {
        this.tables = tables;
        this.checksum = checksum;
    }

    /**
     * The index of an update.
     *
     * @throws MalformedException if the update cannot be read
     */
    public static UpdateIndex of(byte[] update) {
        return IndexedUpdate.of(update).index();
    }

    /**
     * The index that {@link #encode} has encoded.
     *
     * @throws MalformedException if the bytes are damaged, or of another version of the format: then scan the update
     */
    public static UpdateIndex decode(byte[] bytes) {
        return new IndexDecoder(bytes).decode();
    }

    /** The bytes to be stored. A new array at each call. */
    public byte[] encode() {
        return IndexEncoder.encode(tables, checksum);
    }

    /** Whether this is the index of {@code update}, by its length and its CRC-32C. */
    public boolean belongsTo(byte[] update) {
        return update.length == tables.length() && checksum(update, 0, update.length) == checksum;
    }

    /** {@link Updates#stateVector} of the update. */
    public StateVector stateVector() {
        return tables.stateVector();
    }

    IndexTables tables() {
        return tables;
    }

    static int checksum(byte[] bytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, to - from);
        return (int) crc.getValue();
    }
}
