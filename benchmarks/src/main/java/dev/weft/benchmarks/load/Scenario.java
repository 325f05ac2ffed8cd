package dev.weft.benchmarks.load;

import java.util.List;
import java.util.Map;

/**
 * A line or more of the comparison.
 *
 * @param name to choose it by
 * @param title for people
 * @param oursOnly whether others have nothing of the kind
 * @param settings of ours
 * @param goals in the order of the table
 */
record Scenario(String name, String title, boolean oursOnly, Map<String, String> settings, List<Goal> goals, Run run) {
    /** How it is done on a server that has just started. */
    interface Run {
        LoadResult on(Contender.Running server, Session session, Effort effort);
    }

    /**
     * How much is done.
     *
     * @param quick small and short, to see that all works
     */
    record Effort(boolean quick, Assets assets) {
        int orQuick(int full, int small) {
            return quick ? small : full;
        }
    }

    boolean matches(List<String> words) {
        return words.isEmpty() || words.stream().anyMatch(word -> name.equals(word) || name.startsWith(word + "-"));
    }
}
