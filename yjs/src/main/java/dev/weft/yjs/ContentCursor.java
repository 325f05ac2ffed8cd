package dev.weft.yjs;

/**
 * A walk over the content of one item in steps of clocks, each giving the bytes of its part: for items that are partly
 * deleted. Content that can be cut is a number followed by that many bytes (strings) or values (JSON, any). Not thread-safe.
 */
final class ContentCursor {
    private final Input in;
    private final int kind;
    private final int end;
    /** Whether the position is inside a surrogate pair, all of whose bytes are passed. */
    private boolean insidePair;

    /** Where the bytes of the part last passed begin and end, without {@link #startsInsidePair its} {@link #endsInsidePair halves}. */
    int from;

    int to;
    boolean startsInsidePair;
    boolean endsInsidePair;

    /** @param contentStart where the content begins, a string or values */
    ContentCursor(byte[] bytes, int kind, int contentStart, int end) {
        this.in = Input.trusting(bytes, contentStart, end);
        this.kind = kind;
        this.end = end;
        in.varUint();
    }

    byte[] bytes() {
        return in.bytes();
    }

    /** Passes some clocks. */
    void pass(long clocks) {
        from = in.position();
        startsInsidePair = insidePair;
        insidePair = false;
        switch (kind) {
            case StructReader.STRING -> string(clocks);
            case StructReader.ANY -> {
                for (long i = 0; i < clocks; i++) {
                    Any.skip(in);
                }
                to = in.position();
            }
            case StructReader.JSON -> {
                for (long i = 0; i < clocks; i++) {
                    in.skipString();
                }
                to = in.position();
            }
            default -> throw new IllegalArgumentException("content of one clock has no parts");
        }
        endsInsidePair = insidePair;
    }

    private void string(long clocks) {
        int found = Utf8.offset(in.bytes(), from, end, startsInsidePair ? clocks - 1 : clocks);
        insidePair = found < 0;
        in.rewind(insidePair ? ~found : found);
        to = insidePair ? Math.max(from, ~found - Utf8.BYTES_OF_PAIR) : found;
    }

    /** How much the part counts in front of a content: bytes of a string, or values. */
    long units(long clocks) {
        if (kind != StructReader.STRING) {
            return clocks;
        }
        int halves = (startsInsidePair ? 1 : 0) + (endsInsidePair ? 1 : 0);
        return to - from + (long) halves * Utf8.REPLACEMENT.length;
    }
}
