package dev.weft.benchmarks.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;

/**
 * What a scenario has shown.
 *
 * @param parameters what was asked for
 * @param figures by name, in the order in which they are printed
 * @param failures of the check that all arrived; empty if all did
 */
record LoadResult(String scenario, Map<String, Object> parameters, Map<String, Figure> figures, List<String> failures) {
    /** Names of figures, which the comparison knows, too. */
    static final String PER_DELIVERY = "server CPU per delivery";

    static final String PER_UPDATE = "server CPU per update";
    static final String REDIS_PER_UPDATE = "Redis CPU per update";
    static final String SERVER_SHARE = "server CPU";
    static final String P50 = "p50";
    static final String P99 = "p99";
    static final String MAX = "max";
    static final String WALL = "wall";
    static final String SERVER_SECONDS = "server CPU in all";
    static final String PEAK = "peak RSS over idle";
    static final String RECEIVED = "update received";
    static final String DELETE_SET = "delete set";
    static final String FAILED = "failed";
    static final String PER_CONNECT = "server CPU per connect";
    static final String PER_CONNECTION = "RSS per connection";

    /** A figure by its name; NaN if there is none. */
    double value(String figure) {
        Figure found = figures.get(figure);
        return found == null ? Double.NaN : found.value();
    }

    boolean passed() {
        return failures.isEmpty();
    }

    /** Collects a result. */
    static final class Builder {
        private static final int MOST_FAILURES = 10;

        private final String scenario;
        private final Map<String, Object> parameters = new LinkedHashMap<>();
        private final Map<String, Figure> figures = new LinkedHashMap<>();
        private final List<String> failures = new ArrayList<>();
        private int failed;

        Builder(String scenario) {
            this.scenario = scenario;
        }

        Builder parameter(String name, Object value) {
            parameters.put(name, value);
            return this;
        }

        Builder figure(String name, double value, String unit) {
            figures.put(name, new Figure(value, unit));
            return this;
        }

        Builder figure(String name, OptionalDouble value, String unit) {
            value.ifPresent(known -> figure(name, known, unit));
            return this;
        }

        /** p50, p99 and maximum. */
        Builder latencies(Histogram nanos) {
            return figure(P50, nanos.getValueAtPercentile(50) / 1e6, "ms")
                    .figure(P99, nanos.getValueAtPercentile(99) / 1e6, "ms")
                    .figure(MAX, nanos.getMaxValue() / 1e6, "ms");
        }

        /** How hard this generator and others worked meanwhile. */
        Builder surroundings(Usage.Spent spent) {
            return figure("generator CPU", spent.ownPercent(), "%")
                    .figure("CPU of others on the machine", 100 * spent.elsewhere(), "%");
        }

        Builder failure(String what) {
            failed++;
            if (failed <= MOST_FAILURES) {
                failures.add(what);
            }
            return this;
        }

        LoadResult build() {
            if (failed > MOST_FAILURES) {
                failures.add("… and " + (failed - MOST_FAILURES) + " more");
            }
            return new LoadResult(
                    scenario, new LinkedHashMap<>(parameters), new LinkedHashMap<>(figures), List.copyOf(failures));
        }
    }

    /** As lines for a terminal. */
    String text() {
        StringBuilder text = new StringBuilder(scenario + "\n");
        figures.forEach((name, figure) -> text.append(
                String.format(Locale.ROOT, "  %-30s %12s %s%n", name, number(figure.value()), figure.unit())));
        if (passed()) {
            text.append("  check: all arrived\n");
        } else {
            failures.forEach(
                    failure -> text.append("  CHECK FAILED: ").append(failure).append('\n'));
        }
        return text.toString();
    }

    /** With three digits or more. */
    static String number(double value) {
        double size = Math.abs(value);
        int decimals = value == Math.rint(value) || size >= 100 ? 0 : size >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
