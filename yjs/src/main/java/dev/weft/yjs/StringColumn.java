package dev.weft.yjs;

/**
 * A column of strings (lib0 {@code StringEncoder}): one string of all of them, then their lengths in UTF-16 units as
 * {@link UintRuns}.
 */
final class StringColumn {
    private StringColumn() {}

    static final class Writer {
        private final Output text = new Output(64);
        private final UintRuns.Writer lengths = new UintRuns.Writer();

        /** Adds the string that follows in {@code in}. */
        void write(Input in) {
            int length = in.byteLength();
            int from = in.position();
            in.skip(length);
            text.copy(in.bytes(), from, from + length);
            lengths.write(Utf8.utf16Length(in.bytes(), from, from + length));
        }

        /** The whole column; nothing may be written afterwards. */
        Output finish() {
            Output ends = lengths.finish();
            return new Output(10 + text.size() + ends.size()).buffer(text).copy(ends);
        }
    }

    static final class Reader {
        private final byte[] bytes;
        private final int end;
        private final UintRuns.Reader lengths;
        private int position;
        private long unitsLeft;
        /** The string before ended inside a surrogate pair, whose second half begins the next one. */
        private boolean insidePair;

        /** Reads the whole of {@code in}. */
        Reader(Input in) {
            int start = in.position();
            unitsLeft = in.string();
            end = in.position();
            bytes = in.bytes();
            in.rewind(start);
            in.byteLength();
            position = in.position();
            in.skip(end - position);
            lengths = new UintRuns.Reader(in);
        }

        /** Appends the next string to {@code out}, with its byte length before it. Half a surrogate pair becomes U+FFFD. */
        void read(Output out) {
            long units = lengths.read();
            if (units > unitsLeft) {
                throw new MalformedException(position, units + " further characters were expected");
            }
            unitsLeft -= units;
            boolean beginsInside = insidePair && units > 0;
            if (beginsInside) {
                insidePair = false;
                units--;
            }
            int from = position;
            int cut = Utf8.offset(bytes, from, end, units);
            boolean endsInside = cut < 0;
            position = endsInside ? ~cut : cut;
            insidePair |= endsInside;
            int to = endsInside ? position - Utf8.BYTES_OF_PAIR : position;
            byte[] half = Utf8.REPLACEMENT;
            out.varUint((long) to - from + (beginsInside ? half.length : 0) + (endsInside ? half.length : 0));
            if (beginsInside) {
                out.copy(half, 0, half.length);
            }
            out.copy(bytes, from, to);
            if (endsInside) {
                out.copy(half, 0, half.length);
            }
        }
    }
}
