package dev.weft.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The side of Yjs: does and measures the same operations on the same files. */
final class Twin {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Node node;
    private final Documents documents;
    private final Path resultFile;

    Twin(Node node, Documents documents) {
        this.node = node;
        this.documents = documents;
        this.resultFile = documents.folder().resolve("yjs-result");
    }

    /**
     * Does the operation, measures it, and compares its result with ours.
     *
     * @param seconds how long to measure, 0 for once and not at all
     * @return the median time of one operation in nanoseconds; 0 if not measured
     * @throws BenchmarkException if the results are not alike
     */
    double measure(Comparison comparison, double seconds)
            throws IOException, InterruptedException, ReflectiveOperationException {
        Files.deleteIfExists(resultFile);
        String measured = node.run(
                "measure.mjs",
                documents.folder(),
                comparison.row().operation(),
                comparison.document(),
                seconds,
                resultFile);
        Object ours = comparison.once(documents);
        if (Files.exists(resultFile)) {
            byte[] theirs = Files.readAllBytes(resultFile);
            Files.delete(resultFile);
            if (!(ours instanceof byte[] bytes && comparison.row().likeness().holds(bytes, theirs))) {
                throw new BenchmarkException("not what Yjs returns: " + comparison);
            }
        }
        return measured.isEmpty()
                ? 0
                : JSON.readTree(measured).get("nanoseconds").asDouble();
    }
}
