package dev.weft.benchmarks.load;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What one figure of ours has to be.
 *
 * @param figure its name in {@link LoadResult}
 * @param limit it may be this at most, in the figure's unit; or this multiple of the best other server
 * @param yardstick what the limit is compared with
 */
record Goal(String figure, double limit, Yardstick yardstick) {
    /** What a limit means. */
    enum Yardstick {
        /** A number as it is. */
        ABSOLUTE,
        /** A multiple of the smallest figure of the others. */
        BEST_PEER,
        /** The figure of that name of the same run, here the delete set. */
        DELETE_SET,
        /** Shown, without a goal. */
        NONE
    }

    static Goal atMost(String figure, double limit) {
        return new Goal(figure, limit, Yardstick.ABSOLUTE);
    }

    static Goal ofBestPeer(String figure, double ratio) {
        return new Goal(figure, ratio, Yardstick.BEST_PEER);
    }

    static Goal shown(String figure) {
        return new Goal(figure, 0, Yardstick.NONE);
    }

    /** The smallest of the others' figures. */
    static OptionalDouble best(List<Double> peers) {
        return peers.stream().mapToDouble(Double::doubleValue).min();
    }
}
