package dev.weft.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A folder with {@code package.json} and {@code package-lock.json}, whose packages are installed. */
public final class NodeProject {
    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(5);
    // Within a JVM, file locks do not exclude each other but throw.
    private static final Object INSTALLING = new Object();

    private final Path folder;

    private NodeProject(Path folder) {
        this.folder = folder;
    }

    /**
     * The project in {@code folder}. Runs {@code npm ci} if packages are missing or older than the lock file; several JVMs that ask at
     * one time do it once. Skips the test where there is no Node.js, see {@link Requirements#node}.
     */
    public static NodeProject in(Path folder) {
        Requirements.node();
        Path project = folder.toAbsolutePath().normalize();
        synchronized (INSTALLING) {
            Path lockFile = Path.of(
                    System.getProperty("java.io.tmpdir"),
                    "weft-npm-" + Integer.toHexString(project.toString().hashCode()) + ".lock");
            try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = channel.lock()) {
                if (held.isValid() && !isInstalled(project)) {
                    install(project);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new NodeProject(project);
    }

    /** Starts {@code node script arguments} in the folder. */
    public NodeProcess start(String script, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Requirements.onPath("node").orElseThrow().toString(), script));
        command.addAll(Arrays.asList(arguments));
        try {
            return new NodeProcess(
                    new ProcessBuilder(command).directory(folder.toFile()).start(), script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path folder() {
        return folder;
    }

    private static boolean isInstalled(Path project) throws IOException {
        // npm writes this file when it has installed all else.
        Path installed = project.resolve("node_modules/.package-lock.json");
        Path wanted = project.resolve("package-lock.json");
        return Files.exists(installed)
                && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(wanted)) >= 0;
    }

    private static void install(Path project) throws IOException {
        Optional<Path> npm = Requirements.onPath("npm");
        Process process = new ProcessBuilder(
                        npm.orElseThrow().toString(), "ci", "--no-audit", "--no-fund", "--prefer-offline")
                .directory(project.toFile())
                .redirectErrorStream(true)
                .start();
        CapturedOutput output = CapturedOutput.of(process.getInputStream(), "npm ci");
        try {
            boolean ended = process.waitFor(INSTALL_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended || process.exitValue() != 0) {
                throw new IllegalStateException("npm ci failed in " + project + ":\n" + output.text());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during npm ci", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
