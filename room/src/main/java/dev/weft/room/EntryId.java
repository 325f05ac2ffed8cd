package dev.weft.room;

/**
 * The id of an entry of a Redis stream: {@code <millis>-<sequence>}, in the order in which entries were appended.
 *
 * @param millis Redis's time of the append, milliseconds since the epoch
 * @param sequence distinguishes entries of one millisecond
 */
public record EntryId(long millis, long sequence) implements Comparable<EntryId> {
    /** Before every entry. */
    public static final EntryId ZERO = new EntryId(0, 0);

    /** Reads {@code <millis>-<sequence>}; throws {@link IllegalArgumentException} if it is not that. */
    public static EntryId parse(String text) {
        int dash = text.indexOf('-');
        if (dash < 0) {
            throw new IllegalArgumentException("not a stream entry id: " + text);
        }
        return new EntryId(
                Long.parseUnsignedLong(text, 0, dash, 10), Long.parseUnsignedLong(text, dash + 1, text.length(), 10));
    }

    /** The least id above this one. */
    EntryId next() {
        return sequence == -1 ? new EntryId(millis + 1, 0) : new EntryId(millis, sequence + 1);
    }

    /** Whether this entry was appended after {@code other}. */
    public boolean isAfter(EntryId other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(EntryId other) {
        int byMillis = Long.compareUnsigned(millis, other.millis);
        return byMillis != 0 ? byMillis : Long.compareUnsigned(sequence, other.sequence);
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(millis) + "-" + Long.toUnsignedString(sequence);
    }
}
