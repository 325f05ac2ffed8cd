package dev.weft.yjs;

/**
 * A column of integers that mostly grow evenly (lib0 {@code IntDiffOptRleEncoder}): the difference to the value before, doubled,
 * as a varInt; where a difference stands several times in a row, once with the lowest bit set and a varUint of the repetitions
 * less two.
 */
final class DiffRuns {
    private DiffRuns() {}

    static final class Writer {
        private final Output out = new Output(16);
        private long value;
        private long difference;
        private long count;

        void write(long next) {
            long nextDifference = next - value;
            value = next;
            if (nextDifference == difference) {
                count++;
                return;
            }
            flush();
            difference = nextDifference;
            count = 1;
        }

        /** The whole column; nothing may be written afterwards. */
        Output finish() {
            flush();
            return out;
        }

        private void flush() {
            if (count > 0) {
                long encoded = 2 * difference + (count == 1 ? 0 : 1);
                out.varInt(Math.abs(encoded), encoded < 0);
            }
            if (count > 1) {
                out.varUint(count - 2);
            }
        }
    }

    static final class Reader {
        private final Input in;
        private long value;
        private long difference;
        private long left;

        Reader(Input in) {
            this.in = in;
        }

        long read() {
            if (left == 0) {
                long signed = in.signedDifference();
                long encoded = (signed & 1) == 0 ? signed >>> 1 : -(signed >>> 1);
                difference = Math.floorDiv(encoded, 2);
                left = (encoded & 1) == 0 ? 1 : in.varUint() + 2;
            }
            left--;
            value += difference;
            if (value < 0 || value > Input.MAX_INTEGER) {
                throw new MalformedException(in.position(), "a clock below 2^53 was expected");
            }
            return value;
        }
    }
}
