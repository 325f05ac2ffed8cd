package dev.weft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row once, on small documents: that it runs and is right, not how long it takes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ComparisonTest {
    private static final Path HOME = Path.of("").toAbsolutePath();

    private Documents documents = new Documents(HOME);
    private Twin twin = new Twin(Node.in(HOME), documents);

    @BeforeAll
    void makeDocuments() throws IOException, InterruptedException {
        if (Node.isMissing()) {
            String word = "Node.js and npm are needed to make documents with Yjs, and were not found";
            if ("true".equals(System.getenv("CI"))) {
                Assertions.fail(word);
            }
            Assumptions.abort(word);
        }
        Node node = Node.install(HOME.resolve("src/main/js"));
        documents = Documents.make(HOME, node, HOME.resolve("target/documents-small"), "small");
        twin = new Twin(node, documents);
    }

    static Stream<Comparison> rows() {
        return Comparison.all().stream().filter(row -> !row.document().startsWith("sheet-20"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyRowReturnsWhatYjsReturns(Comparison row) throws Exception {
        if (row.row().hasTwin()) {
            twin.measure(row, 0); // Throws if not.
        } else {
            row.once(documents);
        }
    }

    @Test
    void aResultThatDiffersFromThatOfYjsIsFound() throws Exception {
        Comparison right = rows().filter(row -> row.row().operation().equals("merge"))
                .findFirst()
                .orElseThrow();
        Comparison wrong = new Comparison(DiffBenchmark.class.getMethod("difference"), right.row(), right.document());

        assertThatThrownBy(() -> twin.measure(wrong, 0)).isInstanceOf(BenchmarkException.class);
    }

    @Test
    void rowsAreFoundByWords() {
        assertThat(Comparison.all().stream().filter(row -> row.matches(List.of("MERGE, SHEET", "20-fresh"))))
                .extracting(Comparison::toString)
                .containsExactly("merge, sheet-20-fresh + 1", "merge, sheet-20-fresh + 100");
    }
}
