package dev.weft.yjs;

import java.util.Arrays;

/**
 * An update that is being put together from many pieces, most of them short: an output for what is short or new, and between
 * its parts ranges of the sources, copied once at the end. A range costs some twenty bytes and a call, so only what is longer
 * than a few times that becomes one. Not thread-safe; the sources must not change.
 */
final class Assembly {
    /** Up to here a copy is cheaper than an entry. */
    private static final int SHORT = 128;

    /** Stands for the output of short pieces, whose array changes as it grows. */
    private static final byte[] PIECES = new byte[0];

    private static final int NONE = -1;

    private final Output pieces;
    /** How much of the pieces has an entry. */
    private int entered;

    private byte[][] source = new byte[8][];
    private int[] from = new int[8];
    private int[] to = new int[8];
    private int size;

    /** Where in the pieces, or else in which entry, the number of {@link #beginCounted} goes. */
    private int countAt = NONE;

    private int countEntry = NONE;

    Assembly(int expectedPieces) {
        pieces = new Output(expectedPieces);
    }

    void copy(byte[] bytes, int start, int end) {
        if (end - start <= SHORT) {
            pieces.copy(bytes, start, end);
        } else {
            enterPieces();
            enter(bytes, start, end);
        }
    }

    /** Where to write bytes that no source has. */
    Output out() {
        return pieces;
    }

    /** Leaves a place for bytes that are known only later. @return its number, for {@link #fill} */
    int reserve() {
        enterPieces();
        return enter(PIECES, 0, 0);
    }

    /** Puts what was written since the output had {@code mark} bytes into a reserved place. */
    void fill(int place, int mark) {
        int end = pieces.size();
        assert mark >= entered;
        if (mark > entered) {
            enter(PIECES, entered, mark);
        }
        from[place] = mark;
        to[place] = end;
        entered = end;
    }

    /** What comes from here to {@link #endCounted} has a number in front of it that is known only then. Not nested. */
    void beginCounted() {
        countAt = pieces.size();
        countEntry = NONE;
    }

    void endCounted(long count) {
        if (countEntry == NONE) {
            pieces.insertVarUint(countAt, count);
        } else {
            int mark = pieces.size();
            pieces.varUint(count);
            fill(countEntry, mark);
        }
        countAt = NONE;
    }

    private void enterPieces() {
        if (countAt != NONE && countEntry == NONE) {
            enterPieces(countAt);
            countEntry = enter(PIECES, 0, 0);
        }
        enterPieces(pieces.size());
    }

    private void enterPieces(int end) {
        if (end > entered) {
            enter(PIECES, entered, end);
            entered = end;
        }
    }

    private int enter(byte[] bytes, int start, int end) {
        if (size == source.length) {
            source = Arrays.copyOf(source, size * 2);
            from = Arrays.copyOf(from, size * 2);
            to = Arrays.copyOf(to, size * 2);
        }
        source[size] = bytes;
        from[size] = start;
        to[size] = end;
        return size++;
    }

    @SuppressWarnings("ReferenceEquality") // the very array that stands for the pieces
    byte[] toByteArray() {
        enterPieces();
        long total = 0;
        for (int i = 0; i < size; i++) {
            total += to[i] - from[i];
        }
        if (total > Output.MAX_SIZE) {
            throw new IllegalStateException("the result would exceed " + Output.MAX_SIZE + " bytes");
        }
        byte[] result = new byte[(int) total];
        int at = 0;
        for (int i = 0; i < size; i++) {
            byte[] bytes = source[i] == PIECES ? pieces.array() : source[i];
            System.arraycopy(bytes, from[i], result, at, to[i] - from[i]);
            at += to[i] - from[i];
        }
        return result;
    }
}
