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
    private static final int MIN_CLIENT_BYTES = 2;
    private static final int MIN_RANGE_BYTES = 2;

    private final Input in;
    private int clientsLeft;
    private int rangesLeft;
    private boolean canonical = true;

    long client = Long.MAX_VALUE;
    long clock;
    long length;

    DeleteSetReader(Input in) {
        this.in = in;
        this.clientsLeft = in.count(MIN_CLIENT_BYTES, "clients with deletions");
    }

    long clockAfter() {
        return clock + length;
    }

    /** Whether what was read so far is as Yjs writes it: clients descending, none without a range. */
    boolean isCanonical() {
        return canonical;
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
            canonical &= client < previous && rangesLeft > 0;
        }
        rangesLeft--;
        int at = in.position();
        clock = in.varUint();
        length = in.varUint();
        // An empty range, once parked as pending, makes Yjs fail each time it encodes it.
        if (length == 0 || clockAfter() > Input.MAX_INTEGER) {
            throw new MalformedException(at, "a range of clocks below 2^53 was expected");
        }
        return true;
    }
}
