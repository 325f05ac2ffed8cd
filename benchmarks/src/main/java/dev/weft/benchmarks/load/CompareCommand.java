package dev.weft.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft bench compare}: the scenarios on ours and on others, each started afresh for each run. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = {
            "Starts each server in turn, runs the same scenarios on all, and prints one table of medians, ratios and goals. Needs Linux,"
                    + " Node.js with npm, and a machine that does nothing else.",
            "Exit code: 0 all arrived everywhere at ours; 1 something did not."
        })
public final class CompareCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SCENARIO", description = "Only these; rooms, fan-out, join and idle stand for several.")
    private List<String> words = List.of();

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "3",
            description = "Of each, the median counts (${DEFAULT-VALUE}).")
    private int runs = 3;

    @Option(
            names = "--peers",
            split = ",",
            paramLabel = "NAME",
            description = "Only these: weft, y-websocket-server, hocuspocus, hocuspocus-redis.")
    private List<String> peers = List.of();

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = {
                "A variable of the environment for our server and worker, such as TRANSPORT=io_uring or",
                "WEFT_JAVA_OPTS=-XX:StartFlightRecording=filename=/tmp/load-%%p.jfr; may be given often."
            })
    private Map<String, String> variables = Map.of();

    @Option(names = "--quick", description = "Small and short: to see that all works, not to measure.")
    private boolean quick;

    @Option(names = "--keep", description = "Count the runs that are there from before, too.")
    private boolean keep;

    @Option(names = "--table", description = "Run nothing; print the table of what is there.")
    private boolean onlyTable;

    @Option(names = "--list", description = "Lists the scenarios.")
    private boolean list;

    private final Assets assets;

    public CompareCommand(Assets assets) {
        this.assets = assets;
    }

    @Override
    public Integer call() throws IOException {
        List<Scenario> scenarios = Scenarios.all().stream()
                .filter(scenario -> scenario.matches(words))
                .toList();
        if (scenarios.isEmpty()) {
            throw new LoadException("there is no scenario of that name; --list shows them");
        }
        if (list) {
            scenarios.forEach(scenario -> System.out.printf("%-16s %s%n", scenario.name(), scenario.title()));
            return 0;
        }
        List<String> names = Stream.concat(
                        Stream.of(WeftContender.NAME),
                        NodeContender.all(assets).stream().map(Contender::name))
                .filter(name -> peers.isEmpty() || peers.contains(name) || onlyTable)
                .toList();
        ResultStore store =
                ResultStore.in(assets.target().resolve("results").resolve(quick ? "server-quick" : "server"));
        boolean passed = onlyTable || measure(scenarios, names, store);
        List<String> table = new ComparisonTable(store, names).lines(scenarios);
        table.forEach(System.out::println);
        Path file = Files.write(store.folder().resolve("table.md"), table);
        System.err.println("single results are in " + file.getParent());
        return passed ? 0 : 1;
    }

    /** @return whether all arrived at ours */
    private boolean measure(List<Scenario> scenarios, List<String> names, ResultStore store) {
        Progress progress = new Progress(System.err);
        boolean passed = true;
        Optional<WeftServices> services =
                names.contains(WeftContender.NAME) ? Optional.of(WeftServices.start(assets)) : Optional.empty();
        try {
            List<Contender> contenders = new ArrayList<>();
            services.ifPresent(shared -> contenders.add(new WeftContender(shared, variables)));
            NodeContender.all(assets).stream()
                    .filter(peer -> names.contains(peer.name()))
                    .forEach(contenders::add);
            for (Scenario scenario : scenarios) {
                if (!keep) {
                    names.forEach(name -> store.forget(scenario.name(), name));
                }
                // In turn, so that what else the machine does meets all alike.
                for (int run = 1; run <= runs; run++) {
                    for (Contender contender : contenders) {
                        boolean isOurs = contender.name().equals(WeftContender.NAME);
                        if (isOurs || !scenario.oursOnly()) {
                            progress.say("=== " + scenario.name() + ", " + contender.name() + ", run " + run);
                            LoadResult result = once(scenario, contender, progress);
                            System.err.print(result.text());
                            store.add(scenario.name(), contender.name(), result);
                            passed &= !isOurs || result.passed();
                        }
                    }
                }
            }
        } finally {
            services.ifPresent(WeftServices::close);
        }
        return passed;
    }

    private LoadResult once(Scenario scenario, Contender contender, Progress progress) {
        try (Contender.Running server = contender.start(scenario.settings());
                Session session = Session.open(server.target(), 1, 64, progress, Optional.empty())) {
            return scenario.run().on(server, session, new Scenario.Effort(quick, assets));
        } catch (LoadException | java.util.concurrent.CompletionException e) {
            return new LoadResult.Builder(scenario.name())
                    .failure(Failures.message(e))
                    .build();
        }
    }
}
