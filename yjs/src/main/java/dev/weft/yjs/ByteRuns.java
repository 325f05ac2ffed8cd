package dev.weft.yjs;

/**
 * A column of bytes (lib0 {@code RleEncoder}): each byte, then a varUint of its repetitions less one; the last one stands without,
 * and for ever.
 */
final class ByteRuns {
    private static final int NONE = -1;

    private ByteRuns() {}

    static final class Writer {
        private final Output out = new Output(16);
        private int value = NONE;
        private long count;

        void write(int next) {
            if (next == value) {
                count++;
                return;
            }
            if (value != NONE) {
                out.varUint(count - 1);
            }
            out.uint8(next);
            value = next;
            count = 1;
        }

        /** The whole column; nothing may be written afterwards. */
        Output finish() {
            return out;
        }
    }

    static final class Reader {
        private final Input in;
        private int value;
        private long left;

        Reader(Input in) {
            this.in = in;
        }

        int read() {
            if (left == 0) {
                value = in.uint8();
                left = in.hasMore() ? in.varUint() + 1 : Long.MAX_VALUE;
            }
            left--;
            return value;
        }
    }
}
