package dev.weft.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft bench bytes}: every operation of ours, and right after it the same one of Yjs. */
@Command(
        name = "bytes",
        mixinStandardHelpOptions = true,
        description = {
            "Measures module yjs and Yjs in Node.js, on the same files, row by row in turn, and prints a table of medians and ratios."
                    + " Every result is compared with that of Yjs. Needs Node.js and, for the whole, some 20 minutes."
        })
final class BytesCommand implements Callable<Integer> {
    @Mixin
    private Home home = new Home();

    @Option(names = "--quick", description = "Small documents and short measurements: a few minutes, more noise.")
    private boolean quick;

    @Option(names = "--list", description = "Lists the rows instead of measuring them.")
    private boolean list;

    @Parameters(paramLabel = "WORD", description = "Only rows that contain all these words, such as: merge 20-fresh")
    private List<String> words = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException, RunnerException, ReflectiveOperationException {
        List<Comparison> rows = Comparison.all().stream()
                .filter(row -> row.matches(words) && !(quick && row.document().startsWith("sheet-20")))
                .toList();
        if (rows.isEmpty()) {
            throw new BenchmarkException("no row contains all of: " + String.join(" ", words));
        }
        if (list) {
            rows.forEach(System.out::println);
            return 0;
        }
        Node node = home.node();
        Documents documents = home.documents(node, quick ? "quick" : "full");
        Effort effort = quick ? Effort.QUICK : Effort.FULL;
        System.err.println("Java " + Runtime.version() + ", Node.js " + node.version() + "; " + rows.size() + " rows");
        measure(rows, new Ours(documents, effort), new Twin(node, documents), effort);
        return 0;
    }

    private void measure(List<Comparison> rows, Ours ours, Twin twin, Effort effort)
            throws IOException, InterruptedException, RunnerException, ReflectiveOperationException {
        List<Result> results = new ArrayList<>();
        List<String> table = new ArrayList<>(Table.head());
        table.forEach(System.out::println);
        for (Comparison comparison : rows) {
            progress("[" + (results.size() + 1) + "/" + rows.size() + "] " + comparison);
            Ours.Measured measured = ours.measure(comparison);
            Row row = comparison.row();
            double yjsNanos = row.hasTwin() ? twin.measure(comparison, effort.twinSeconds()) : 0;
            Result result = new Result(
                    row.operation(),
                    comparison.document(),
                    measured.nanoseconds(),
                    yjsNanos,
                    row.goal(),
                    row.goalNanos(),
                    measured.allocated());
            results.add(result);
            table.add(Table.line(result));
            progress("");
            System.out.println(table.getLast());
        }
        Path folder = Files.createDirectories(home.target().resolve("results"));
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(folder.resolve("bytes.json").toFile(), results);
        Files.write(folder.resolve("bytes.md"), table);
        long missed = results.stream().filter(result -> !result.reachesGoal()).count();
        System.err.println((missed == 0 ? "All goals reached" : missed + " goals missed") + "; results in " + folder);
    }

    /** The line that tells what is going on: in a terminal in place of the one before. */
    @SuppressWarnings("SystemConsoleNull") // With the JDK's plain console there is none unless it is a terminal.
    private static void progress(String text) {
        Console console = System.console();
        if (console != null && console.isTerminal()) {
            System.err.printf("\r%-70s\r%s", "", text);
        } else if (!text.isEmpty()) {
            System.err.println(text);
        }
    }
}
