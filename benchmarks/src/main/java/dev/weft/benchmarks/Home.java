package dev.weft.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where this module lies, which its commands find their scripts by. */
final class Home {
    @Option(
            names = "--home",
            hidden = true,
            defaultValue = "${env:WEFT_BENCHMARKS_HOME:-benchmarks}",
            description = "The folder of this module; the launcher says it.")
    private Path folder = Path.of("benchmarks");

    Path target() {
        return folder.resolve("target").toAbsolutePath();
    }

    Node node() throws IOException, InterruptedException {
        if (Node.isMissing()) {
            throw new BenchmarkException("Node.js and npm are needed to compare with Yjs; install them");
        }
        return Node.install(folder.resolve("src/main/js"));
    }

    Documents documents(Node node, String extent) throws IOException, InterruptedException {
        return Documents.make(folder.toAbsolutePath(), node, target().resolve("documents-" + extent), extent);
    }
}
