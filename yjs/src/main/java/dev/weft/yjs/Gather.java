package dev.weft.yjs;

import java.util.Arrays;
import java.util.List;

/**
 * An update that is being put together from ranges of other updates: a list of byte ranges, copied once at the end into an
 * array of the right size. What is new lies in a scratch output of its own. Not thread-safe; the sources must not change.
 */
@SuppressWarnings("ReferenceEquality") // ranges are joined when they lie in the very same array, whatever is in it
final class Gather {
    /** Stands for the scratch output, whose array changes as it grows. */
    private static final byte[] SCRATCH = new byte[0];

    /** No range begins here, so none is joined to a reserved place. */
    private static final int NOWHERE = -1;

    private final Output scratch;
    private byte[][] source;
    private int[] from;
    private int[] to;
    private int size;

    Gather(int expectedRanges) {
        scratch = new Output(64 + 8 * expectedRanges);
        source = new byte[expectedRanges + 4][];
        from = new int[expectedRanges + 4];
        to = new int[expectedRanges + 4];
    }

    void copy(byte[] bytes, int start, int end) {
        if (start == end) {
            return;
        }
        if (size > 0 && source[size - 1] == bytes && to[size - 1] == start) {
            to[size - 1] = end;
            return;
        }
        add(bytes, start, end);
    }

    /** Where to write bytes that no source has; {@link #commit} must follow before anything else is added. */
    Output scratch() {
        return scratch;
    }

    /** Adds what was written to {@link #scratch} since its size was {@code mark}. */
    void commit(int mark) {
        copy(SCRATCH, mark, scratch.size());
    }

    /** Adds a place for bytes that are known only later. @return its number, for {@link #fill} */
    int reserve() {
        add(SCRATCH, NOWHERE, NOWHERE);
        return size - 1;
    }

    /** Puts what was written to {@link #scratch} since its size was {@code mark} into a reserved place. */
    void fill(int place, int mark) {
        from[place] = mark;
        to[place] = scratch.size();
    }

    private void add(byte[] bytes, int start, int end) {
        if (size == source.length) {
            source = Arrays.copyOf(source, size * 2);
            from = Arrays.copyOf(from, size * 2);
            to = Arrays.copyOf(to, size * 2);
        }
        source[size] = bytes;
        from[size] = start;
        to[size] = end;
        size++;
    }

    /** The ranges so far as a plan of its own. What is new is copied, sources are not. */
    UpdatePlan plan(List<IndexedUpdate> indexed) {
        byte[] fresh = Arrays.copyOf(scratch.array(), scratch.size());
        UpdatePlan.Builder plan = new UpdatePlan.Builder(size, fresh);
        for (int i = 0; i < size; i++) {
            plan.add(source[i] == SCRATCH ? fresh : source[i], from[i], to[i]);
        }
        return plan.build(indexed);
    }

    byte[] toByteArray() {
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
            byte[] bytes = source[i] == SCRATCH ? scratch.array() : source[i];
            System.arraycopy(bytes, from[i], result, at, to[i] - from[i]);
            at += to[i] - from[i];
        }
        return result;
    }
}
