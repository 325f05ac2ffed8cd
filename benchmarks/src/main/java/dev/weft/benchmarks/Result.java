package dev.weft.benchmarks;

/**
 * What came out for one row.
 *
 * @param operation what was done
 * @param document on what
 * @param oursNanos one operation in Java, median
 * @param yjsNanos one operation in Yjs, median; 0 if it has none
 * @param goal how many times as fast as Yjs it should be; 0 for no goal
 * @param goalNanos how long it should take at most; 0 for no goal
 * @param allocated bytes that one operation in Java allocates
 */
record Result(
        String operation,
        String document,
        double oursNanos,
        double yjsNanos,
        double goal,
        double goalNanos,
        double allocated) {
    /** How many times as fast as Yjs. */
    double ratio() {
        return yjsNanos / oursNanos;
    }

    /** Whether there is no goal, or it is reached. */
    boolean reachesGoal() {
        return (goal == 0 || ratio() >= goal) && (goalNanos == 0 || oursNanos <= goalNanos);
    }
}
