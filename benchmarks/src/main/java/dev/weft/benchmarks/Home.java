package dev.weft.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
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

    /** As the launcher says it. */
    static Home ofEnvironment() {
        Home home = new Home();
        home.folder = Path.of(System.getenv().getOrDefault("WEFT_BENCHMARKS_HOME", "benchmarks"));
        return home;
    }

    Path path() {
        return folder.toAbsolutePath();
    }

    /** Installs what the lock file of a folder names. */
    static void install(Path scripts) {
        try {
            if (Node.isMissing()) {
                throw new BenchmarkException("Node.js and npm are needed to run other servers; install them");
            }
            Node.install(scripts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted");
        }
    }

    /** One of the generated documents, made first if need be. @return it as an update in encoding V1 */
    byte[] document(String name) {
        try {
            return Document.read(documents(node(), "full").folder(), name).update();
        } catch (UncheckedIOException e) {
            throw new BenchmarkException("there is no document " + name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted");
        }
    }

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
