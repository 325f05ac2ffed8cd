package dev.weft.benchmarks.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** Medians of all servers beside each other, with the goals of ours, as Markdown. */
final class ComparisonTable {
    /** Two figures that should hardly differ although one has a hundred times the rooms of the other. */
    private static final double ROOMS_RATIO = 1.4;

    private final ResultStore store;
    private final List<String> servers;

    ComparisonTable(ResultStore store, List<String> servers) {
        this.store = store;
        this.servers = servers;
    }

    List<String> lines(List<Scenario> scenarios) {
        List<String> lines = new ArrayList<>();
        lines.add("| scenario | figure | " + String.join(" | ", servers) + " | of the best other | goal | |");
        lines.add("|---|---|" + "--:|".repeat(servers.size()) + "--:|---|---|");
        for (Scenario scenario : scenarios) {
            lines.addAll(lines(scenario));
        }
        lines.addAll(growth(scenarios));
        return lines;
    }

    private List<String> lines(Scenario scenario) {
        List<String> lines = new ArrayList<>();
        Map<String, List<LoadResult>> results = new LinkedHashMap<>();
        servers.forEach(server -> results.put(server, store.results(scenario.name(), server)));
        if (results.values().stream().allMatch(List::isEmpty)) {
            return lines;
        }
        String title = scenario.title();
        for (Goal goal : scenario.goals()) {
            StringBuilder line = new StringBuilder("| " + title + " | " + goal.figure() + " |");
            List<Double> others = new ArrayList<>();
            OptionalDouble ours = OptionalDouble.empty();
            for (Map.Entry<String, List<LoadResult>> server : results.entrySet()) {
                OptionalDouble median = median(server.getValue(), goal.figure());
                line.append(' ')
                        .append(cell(server.getValue(), goal.figure(), median))
                        .append(" |");
                if (server.getKey().equals(WeftContender.NAME)) {
                    ours = median;
                } else if (server.getValue().stream().allMatch(LoadResult::passed)) {
                    // Who lost something is no yardstick.
                    median.ifPresent(others::add);
                }
            }
            OptionalDouble best = Goal.best(others);
            String ratio = ours.isPresent() && best.isPresent() && best.getAsDouble() > 0
                    ? String.format(Locale.ROOT, "%.2f ×", ours.getAsDouble() / best.getAsDouble())
                    : "";
            line.append(' ')
                    .append(ratio)
                    .append(" | ")
                    .append(verdict(goal, ours, best, results))
                    .append(" |");
            lines.add(line.toString());
            title = "";
        }
        return lines;
    }

    private String verdict(Goal goal, OptionalDouble ours, OptionalDouble best, Map<String, List<LoadResult>> results) {
        return switch (goal.yardstick()) {
            case NONE -> " |";
            case ABSOLUTE -> judged("≤ " + LoadResult.number(goal.limit()), ours, OptionalDouble.of(goal.limit()));
            case DELETE_SET ->
                judged(
                        "≤ "
                                + goal.yardstick()
                                        .toString()
                                        .toLowerCase(Locale.ROOT)
                                        .replace('_', ' '),
                        ours,
                        median(results.getOrDefault(WeftContender.NAME, List.of()), LoadResult.DELETE_SET));
            case BEST_PEER ->
                judged(
                        "≤ " + LoadResult.number(goal.limit()) + " ×",
                        ours,
                        best.isPresent() ? OptionalDouble.of(best.getAsDouble() * goal.limit()) : best);
        };
    }

    private static String judged(String goal, OptionalDouble value, OptionalDouble limit) {
        if (value.isEmpty() || limit.isEmpty()) {
            return goal + " | ";
        }
        return goal + " | " + (value.getAsDouble() <= limit.getAsDouble() ? "yes" : "NO");
    }

    private static String cell(List<LoadResult> results, String figure, OptionalDouble median) {
        if (median.isEmpty()) {
            return results.stream().anyMatch(result -> !result.passed()) ? "failed" : "";
        }
        String unit = results.stream()
                .map(result -> result.figures().get(figure))
                .filter(value -> value != null)
                .map(Figure::unit)
                .findFirst()
                .orElse("");
        boolean failed = results.stream().anyMatch(result -> !result.passed());
        return LoadResult.number(median.getAsDouble()) + (unit.isEmpty() ? "" : " " + unit) + (failed ? " (!)" : "");
    }

    /** How figures grow from the fewest rooms to the most. */
    private List<String> growth(List<Scenario> scenarios) {
        List<Scenario> rooms = scenarios.stream()
                .filter(scenario -> scenario.name().startsWith("rooms-"))
                .filter(scenario ->
                        !store.results(scenario.name(), WeftContender.NAME).isEmpty())
                .toList();
        List<String> lines = new ArrayList<>();
        if (rooms.size() < 2) {
            return lines;
        }
        for (String figure : List.of(LoadResult.PER_UPDATE, LoadResult.REDIS_PER_UPDATE)) {
            StringBuilder line = new StringBuilder(
                    "| " + rooms.getLast().name() + " to " + rooms.getFirst().name() + " | " + figure + " |");
            OptionalDouble ours = OptionalDouble.empty();
            for (String server : servers) {
                OptionalDouble few = median(store.results(rooms.getFirst().name(), server), figure);
                OptionalDouble many = median(store.results(rooms.getLast().name(), server), figure);
                OptionalDouble ratio = few.isPresent() && many.isPresent()
                        ? OptionalDouble.of(many.getAsDouble() / few.getAsDouble())
                        : OptionalDouble.empty();
                ours = server.equals(WeftContender.NAME) ? ratio : ours;
                line.append(ratio.isPresent() ? String.format(Locale.ROOT, " %.2f × |", ratio.getAsDouble()) : " |");
            }
            line.append(" | ")
                    .append(judged("≤ " + ROOMS_RATIO + " ×", ours, OptionalDouble.of(ROOMS_RATIO)))
                    .append(" |");
            lines.add(line.toString());
        }
        return lines;
    }

    private static OptionalDouble median(List<LoadResult> results, String figure) {
        double[] values = results.stream()
                .map(result -> result.figures().get(figure))
                .filter(value -> value != null)
                .mapToDouble(Figure::value)
                .sorted()
                .toArray();
        int middle = values.length / 2;
        return values.length == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2);
    }
}
