package dev.weft.yjs;

/**
 * A column of unsigned integers (lib0 {@code UintOptRleEncoder}): each a varInt; where a value stands several times in a row,
 * once with a negative sign (zero has one too) and a varUint of the repetitions less two.
 */
final class UintRuns {
    private UintRuns() {}

    static final class Writer {
        private final Output out = new Output(16);
        private long value;
        private long count;

        void write(long next) {
            if (next == value) {
                count++;
                return;
            }
            flush();
            value = next;
            count = 1;
        }

        /** The whole column; nothing may be written afterwards. */
        Output finish() {
            flush();
            return out;
        }

        private void flush() {
            if (count == 1) {
                out.varInt(value, false);
            } else if (count > 1) {
                out.varInt(value, true).varUint(count - 2);
            }
        }
    }

    static final class Reader {
        private final Input in;
        private long value;
        private long left;

        Reader(Input in) {
            this.in = in;
        }

        long read() {
            if (left == 0) {
                long signed = in.signedVarInt();
                value = signed >>> 1;
                left = (signed & 1) == 0 ? 1 : in.varUint() + 2;
            }
            left--;
            return value;
        }
    }
}
