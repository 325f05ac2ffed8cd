package dev.weft.yjs;

/**
 * For each clock of one client one bit, set where a struct begins, and for each 64 of them the rows before: finds the row of a
 * {@link StructTable} that holds a clock by counting bits. A fifth of a byte a clock, so that of a large document it stays in
 * a core's cache, which a search in the table itself does not: looking up origins anywhere in a much edited document of 15 MB
 * took half of all time with that.
 */
final class ClockBits {
    /** The most clocks a struct, on average: up to here there are at most six bytes a row. */
    private static final int MAX_DENSITY = 32;

    /** So few rows are found as fast without. */
    private static final int MIN_ROWS = 16;

    private static final int LOG_OF_WORD = 6;

    private final long[] begins;
    /** For each word of bits the row before the first that begins in it. */
    private final int[] rowBefore;

    /** Of the rows {@code [first, end)}, whose clocks ascend from 0; at {@code end} stands the clock after the last. */
    ClockBits(long[] clock, int first, int end) {
        begins = new long[(int) (clock[end] >>> LOG_OF_WORD) + 1];
        rowBefore = new int[begins.length];
        int word = -1;
        for (int row = first; row <= end; row++) {
            int at = (int) (clock[row] >>> LOG_OF_WORD);
            while (word < at) {
                word++;
                rowBefore[word] = row - 1;
            }
            begins[at] |= 1L << clock[row];
        }
    }

    /** Whether it is worth its memory. */
    static boolean fits(long clocks, int rows) {
        return rows >= MIN_ROWS && clocks / MAX_DENSITY <= rows;
    }

    /** The row that holds a clock, which is below the last. */
    int rowAt(long at) {
        int word = (int) (at >>> LOG_OF_WORD);
        // Shifts take the lowest six bits of their distance.
        return rowBefore[word] + Long.bitCount(begins[word] << ~at);
    }

    /** Whether a struct begins at a clock, or the last one ends there. */
    boolean isBegin(long at) {
        return (begins[(int) (at >>> LOG_OF_WORD)] >>> at & 1) != 0;
    }
}
