package dev.weft.yjs;

/**
 * A lazy reader of the delete set that ends an update (Yjs {@code DeleteSet.js}):
 *
 * <pre>
 *   varUint clients, then per client: varUint client, varUint ranges, then per range: varUint clock, varUint length
 * </pre>
 *
 * Fields describe the current range. Not thread-safe.
 */
final class DeleteSetReader {
    static final int MIN_CLIENT_BYTES = 2;
    static final int MIN_RANGE_BYTES = 2;

    private final Input in;
    private int clientsLeft;
    private int rangesLeft;
    private boolean canonical = true;
    private long previousEnd;

    long client = Long.MAX_VALUE;
    long clock;
    long length;
    /** Where the current range begins. */
    int start;

    DeleteSetReader(Input in) {
        this.in = in;
        this.clientsLeft = in.count(MIN_CLIENT_BYTES, "clients with deletions");
    }

    private DeleteSetReader(Input in, long client, int ranges) {
        this.in = in;
        this.client = client;
        this.rangesLeft = ranges;
    }

    /** Over ranges of one client that lie one after the other. */
    static DeleteSetReader inside(Input in, long client, int ranges) {
        return new DeleteSetReader(in, client, ranges);
    }

    long clockAfter() {
        return clock + length;
    }

    /** Whether what was read so far is as Yjs writes it: clients descending, none without a range. */
    boolean isCanonical() {
        return canonical;
    }

    /** Where the current range ends. */
    int end() {
        return in.position();
    }

    /** How many ranges of this client come after the current one. */
    int rangesLeft() {
        return rangesLeft;
    }

    boolean next() {
        while (rangesLeft == 0) {
            if (clientsLeft == 0) {
                return false;
            }
            clientsLeft--;
            long previous = client;
            client = in.varUint();
            rangesLeft = in.count(MIN_RANGE_BYTES, "ranges of deletions");
            previousEnd = 0;
            canonical &= client < previous && rangesLeft > 0;
        }
        rangesLeft--;
        start = in.position();
        clock = in.varUint();
        length = in.varUint();
        // An empty range, once parked as pending, makes Yjs fail each time it encodes it.
        if (length == 0 || clockAfter() > Input.MAX_INTEGER) {
            throw new MalformedException(start, "a range of clocks below 2^53 was expected");
        }
        // Ranges out of order, once parked as pending, become other ranges: Yjs writes the distance to the one before
        // as a varUint. It
        // sorts what it writes itself.
        if (in.checksText() && clock < previousEnd) {
            throw new MalformedException(start, "ranges in ascending order were expected");
        }
        previousEnd = clockAfter();
        return true;
    }
}
