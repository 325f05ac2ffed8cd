package dev.weft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** docs/internals/scaling.md and the script whose output it shows. */
class ScalingPageTest {
    private static final Path HOME = Path.of("").toAbsolutePath();
    private final Node node = Node.in(HOME.resolve("scaling"));

    @BeforeEach
    void needNode() throws InterruptedException {
        if (Node.isMissing()) {
            String word = "Node.js is needed to run the scaling model, and was not found";
            if ("true".equals(System.getenv("CI"))) {
                Assertions.fail(word);
            }
            Assumptions.abort(word);
        }
    }

    @Test
    void thePageShowsWhatTheModelPrints() throws IOException, InterruptedException {
        String page = Files.readString(HOME.resolveSibling("docs/internals/scaling.md"));
        List<String> tables =
                List.of(node.run("model.mjs").replace("\r\n", "\n").strip().split("\n\n"));
        assertThat(tables).hasSize(4).allSatisfy(table -> assertThat(page).contains(table.strip()));
    }

    @Test
    void whatIsNotAnOptionIsRefused() {
        assertThatThrownBy(() -> node.run("model.mjs", "--rooms", 1)).isInstanceOf(BenchmarkException.class);
        assertThatThrownBy(() -> node.run("model.mjs", "--updates", 0)).isInstanceOf(BenchmarkException.class);
    }

    @Test
    void moreOfEverythingNeedsMore() throws IOException, InterruptedException {
        assertThat(node.run("model.mjs", "--connections", 2_000_000, "--active-rooms", 200_000))
                .contains("| connections | 2,000,000 |")
                .contains("| compactions | 20,000 |");
    }
}
