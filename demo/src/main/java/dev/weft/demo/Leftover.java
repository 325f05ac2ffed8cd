package dev.weft.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A service of an earlier demo that was killed and left it running: known by its pid file, and ended before a new one starts. */
final class Leftover {
    private static final long PATIENCE_SECONDS = 20;

    private Leftover() {}

    /**
     * Ends the process that the file names, if it still runs and is the program that we expect; a pid may long belong to another. Then the
     * file is deleted, because a service may refuse to start while it names any living process.
     *
     * @param signal the one that makes this service end at once and in order
     */
    static void end(Path pidFile, String program, String signal) throws IOException, DemoException {
        Optional<ProcessHandle> process = pid(pidFile)
                .flatMap(ProcessHandle::of)
                .filter(handle -> handle.info().command().orElse("").contains(program));
        if (process.isPresent()) {
            end(process.get(), program, signal);
        }
        Files.deleteIfExists(pidFile);
    }

    /** The first line of the file, if there is a file and its first line is a number. */
    static Optional<Long> pid(Path pidFile) throws IOException {
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        try {
            return Files.readAllLines(pidFile).stream().findFirst().map(line -> Long.parseLong(line.strip()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    static void end(ProcessHandle process, String program, String signal) throws IOException, DemoException {
        // ProcessHandle can send SIGTERM alone, and Postgres would wait for its clients on that.
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
        try {
            process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            process.destroyForcibly();
        } catch (ExecutionException e) {
            throw new DemoException(
                    "cannot wait for process " + process.pid() + " (" + program + "); end it and try again", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoException("interrupted");
        }
    }
}
