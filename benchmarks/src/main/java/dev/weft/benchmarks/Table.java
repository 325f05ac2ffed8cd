package dev.weft.benchmarks;

import java.util.List;
import java.util.Locale;

/** Results as the lines of a Markdown table, aligned so that a terminal shows it well too. */
final class Table {
    private static final String LINE = "| %-20s | %-24s | %9s | %9s | %8s | %-8s | %-4s | %10s |";

    private Table() {}

    /** The two lines above the rows. */
    static List<String> head() {
        String titles = LINE.formatted("operation", "document", "ours", "Yjs", "ratio", "goal", "", "allocated");
        return List.of(titles, "|---|---|--:|--:|--:|---|---|--:|");
    }

    static String line(Result result) {
        String goal = result.goal() > 0
                ? "≥ " + number(result.goal()) + " ×"
                : result.goalNanos() > 0 ? "≤ " + time(result.goalNanos()) : "";
        String verdict = goal.isEmpty() ? "" : result.reachesGoal() ? "yes" : "NO";
        return LINE.formatted(
                result.operation(),
                result.document(),
                time(result.oursNanos()),
                result.yjsNanos() > 0 ? time(result.yjsNanos()) : "",
                result.yjsNanos() > 0 ? number(result.ratio()) + " ×" : "",
                goal,
                verdict,
                bytes(result.allocated()));
    }

    private static String time(double nanos) {
        return scaled(nanos, 1_000, "ns", "µs", "ms", "s");
    }

    private static String bytes(double bytes) {
        return scaled(bytes, 1_000, "B", "kB", "MB", "GB");
    }

    private static String scaled(double value, int factor, String... units) {
        double scaled = value;
        int unit = 0;
        while (scaled >= factor && unit < units.length - 1) {
            scaled /= factor;
            unit++;
        }
        return number(scaled) + " " + units[unit];
    }

    /** With three digits. */
    private static String number(double value) {
        int decimals = value >= 100 || value == Math.rint(value) ? 0 : value >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
