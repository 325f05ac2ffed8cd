package dev.weft.yjs;

import java.util.Arrays;

/** The keys that an update V2 has named so far, as places in the output that they were written to. */
final class KeyTable {
    private int[] from = new int[8];
    private int[] to = new int[8];
    private int size;

    int size() {
        return size;
    }

    void add(int start, int end) {
        if (size == from.length) {
            from = Arrays.copyOf(from, size * 2);
            to = Arrays.copyOf(to, size * 2);
        }
        from[size] = start;
        to[size] = end;
        size++;
    }

    /** Appends key {@code number}, with its length before it, to the output that holds it already. */
    void copyTo(Output out, int number) {
        out.copy(out.array(), from[number], to[number]);
    }
}
