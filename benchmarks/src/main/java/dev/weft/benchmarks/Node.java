package dev.weft.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Yjs itself, in Node.js processes that run the scripts of {@code src/main/js}. */
final class Node {
    /** Half of what the machines have that run this; Node's own limit is too small for documents of 20 MB. */
    private static final String HEAP = "--max-old-space-size=6000";

    private final Path scripts;

    private Node(Path scripts) {
        this.scripts = scripts;
    }

    /** With what is installed already. */
    static Node in(Path scripts) {
        return new Node(scripts);
    }

    /** Installs Yjs if it is missing or not that of the lock file. */
    static Node install(Path scripts) throws IOException, InterruptedException {
        Path lock = scripts.resolve("package-lock.json");
        Path installed = scripts.resolve("node_modules").resolve(".installed-package-lock.json");
        Node node = new Node(scripts);
        if (!Files.exists(installed) || Files.mismatch(lock, installed) >= 0) {
            node.output(List.of("npm", "ci"));
            Files.copy(lock, installed);
        }
        return node;
    }

    static boolean isMissing() throws InterruptedException {
        try {
            for (String command : List.of("node", "npm")) {
                new ProcessBuilder(command, "--version")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
            }
            return false;
        } catch (IOException notFound) {
            return true;
        }
    }

    String version() throws IOException, InterruptedException {
        return output(List.of("node", "--version")).strip();
    }

    /** Runs a script to its end. @return what it printed */
    String run(String script, Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("node", HEAP, script));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return output(command);
    }

    private String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(scripts.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new BenchmarkException("failed: " + String.join(" ", command));
        }
        return output;
    }
}
