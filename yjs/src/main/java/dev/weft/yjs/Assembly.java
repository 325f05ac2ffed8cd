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

    /** From here on short pieces go into further outputs, each a quarter of what there is: one that doubles takes three times its size. */
    private static final int CHUNK = 1 << 16;

    private static final int MAX_CHUNK = 1 << 28;

    /** Stands for the output of short pieces, whose array changes as it grows. */
    private static final byte[] PIECES = new byte[0];

    private static final int NONE = -1;

    private Output pieces;
    /** When there should be another output. */
    private int full = CHUNK;
    /** How much of the pieces has an entry. */
    private int entered;

    private long inFullOutputs;

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
        if (pieces.size() >= full) {
            beginOutput();
        }
        if (end - start <= SHORT) {
            pieces.copy(bytes, start, end);
        } else {
            enterPieces();
            enter(bytes, start, end);
        }
    }

    @SuppressWarnings("ReferenceEquality") // the very array that stands for the pieces
    private void beginOutput() {
        enterPieces();
        for (int i = 0; i < size; i++) {
            if (source[i] == PIECES) {
                source[i] = pieces.array();
            }
        }
        inFullOutputs += pieces.size();
        full = Math.clamp(inFullOutputs / 4, CHUNK, MAX_CHUNK);
        pieces = new Output(full + CHUNK / 8);
        entered = 0;
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
        source[place] = PIECES; // those of now
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
