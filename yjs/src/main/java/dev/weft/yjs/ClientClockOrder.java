package dev.weft.yjs;

/** The order in which Yjs writes things: clients descending, within a client clocks ascending, else as they came. */
final class ClientClockOrder {
    private ClientClockOrder() {}

    /**
     * The indices of the first {@code size} entries in that order. A stable merge sort over primitive arrays, linear where
     * the entries are in order already, as those of one document mostly are.
     */
    static int[] of(long[] client, long[] clock, int size) {
        int[] source = new int[size];
        for (int i = 0; i < size; i++) {
            source[i] = i;
        }
        if (isOrdered(client, clock, size)) {
            return source;
        }
        int[] target = new int[size];
        for (long width = 1; width < size; width *= 2) {
            for (long from = 0; from < size; from += 2 * width) {
                int middle = (int) Math.min(from + width, size);
                int to = (int) Math.min(from + 2 * width, size);
                merge(client, clock, source, target, (int) from, middle, to);
            }
            int[] merged = target;
            target = source;
            source = merged;
        }
        return source;
    }

    private static boolean isOrdered(long[] client, long[] clock, int size) {
        for (int i = 1; i < size; i++) {
            if (isAfter(client, clock, i - 1, i)) {
                return false;
            }
        }
        return true;
    }

    private static void merge(long[] client, long[] clock, int[] source, int[] target, int from, int middle, int to) {
        if (middle == to || !isAfter(client, clock, source[middle - 1], source[middle])) {
            System.arraycopy(source, from, target, from, to - from);
            return;
        }
        int left = from;
        int right = middle;
        for (int i = from; i < to; i++) {
            boolean takeRight = left == middle || (right < to && isAfter(client, clock, source[left], source[right]));
            target[i] = takeRight ? source[right++] : source[left++];
        }
    }

    private static boolean isAfter(long[] client, long[] clock, int a, int b) {
        return client[a] == client[b] ? clock[a] > clock[b] : client[a] < client[b];
    }
}
