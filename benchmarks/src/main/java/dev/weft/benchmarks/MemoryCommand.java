package dev.weft.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weft bench memory}: the smallest heap in which an operation succeeds. */
@Command(
        name = "memory",
        mixinStandardHelpOptions = true,
        description = {
            "Finds the smallest heap in which merging and compacting succeed, by halving, each try in a new JVM, and the smallest one in"
                    + " which only the inputs are read. The difference is what the operation takes beyond its inputs, its result"
                    + " included."
        })
final class MemoryCommand implements Callable<Integer> {
    private static final int MEGABYTE = 1 << 20;
    private static final double GOAL = 3;
    private static final List<String> OPERATIONS = List.of("merge", "compact");

    @Mixin
    private Home home = new Home();

    @Option(names = "--quick", description = "Documents of 4 MB instead of 20.")
    private boolean quick;

    /**
     * What one operation takes.
     *
     * @param documentBytes of all updates together
     * @param inputsMegabytes smallest heap that holds the inputs
     * @param heapMegabytes smallest heap in which the operation succeeds
     * @param times the difference, as a multiple of the document
     */
    record Peak(
            String operation,
            String document,
            long documentBytes,
            int inputsMegabytes,
            int heapMegabytes,
            double times) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Documents documents = home.documents(home.node(), quick ? "quick" : "full");
        String size = quick ? "4" : "20";
        List<Peak> peaks = new ArrayList<>();
        System.out.println(
                "| operation | document                 |   inputs |     heap | beyond the inputs | goal  |      |");
        System.out.println("|---|---|--:|--:|--:|---|---|");
        for (String kind : List.of("fresh", "churned")) {
            for (int pending : List.of(0, 100)) {
                String document = "sheet-" + size + "-" + kind + " + " + pending;
                long bytes = Document.read(documents.folder(), document).updates().stream()
                        .mapToLong(update -> update.length)
                        .sum();
                int inputs = smallestHeap(documents, document, "load", 1, (int) (bytes / MEGABYTE));
                for (String operation : OPERATIONS) {
                    int heap = smallestHeap(documents, document, operation, inputs, (int) (bytes / MEGABYTE));
                    double times = (double) (heap - inputs) * MEGABYTE / bytes;
                    peaks.add(new Peak(operation, document, bytes, inputs, heap, times));
                    System.out.printf(
                            Locale.ROOT,
                            "| %-9s | %-24s | %5d MB | %5d MB | %15.2f × | ≤ %.0f × | %-4s |%n",
                            operation,
                            document,
                            inputs,
                            heap,
                            times,
                            GOAL,
                            times <= GOAL ? "yes" : "NO");
                }
            }
        }
        Path folder = Files.createDirectories(home.target().resolve("results"));
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(folder.resolve("memory.json").toFile(), peaks);
        return 0;
    }

    /** In megabytes, at least {@code low}. */
    private static int smallestHeap(Documents documents, String document, String operation, int low, int megabytes)
            throws IOException, InterruptedException {
        int fails = low - 1;
        int suffices = 64 + 16 * megabytes;
        if (!succeeds(documents, document, operation, suffices)) {
            throw new BenchmarkException(operation + " of " + document + " needs more than " + suffices + " MB");
        }
        while (suffices - fails > 1) {
            int middle = (fails + suffices) >>> 1;
            if (middle > 1 && succeeds(documents, document, operation, middle)) {
                suffices = middle;
            } else {
                fails = middle;
            }
        }
        return suffices;
    }

    private static boolean succeeds(Documents documents, String document, String operation, int megabytes)
            throws IOException, InterruptedException {
        // The serial collector with a small young generation: nearly the whole heap is one space, which can be filled
        // to its end.
        Process probe = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:NewSize=1m",
                        "-XX:MaxNewSize=1m",
                        "-XX:+UseCompactObjectHeaders",
                        "-Xms" + megabytes + "m",
                        "-Xmx" + megabytes + "m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MemoryProbe.class.getName(),
                        documents.folder().toString(),
                        document,
                        operation)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int exit = probe.waitFor();
        if (exit != 0 && exit != MemoryProbe.TOO_SMALL && exit != 1) {
            throw new BenchmarkException("the probe ended with " + exit);
        }
        return exit == 0;
    }
}
