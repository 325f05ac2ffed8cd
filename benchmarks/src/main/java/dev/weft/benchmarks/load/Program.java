package dev.weft.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/** A process that was started for a comparison, whose output goes to a file. {@link #close} ends it. */
final class Program implements AutoCloseable {
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long STOP_SECONDS = 20;
    private static final List<String> INHERITED = List.of("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "TZ");

    private final String name;
    private final Process process;
    private final Path log;

    private Program(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts it and waits until it is ready.
     *
     * @param environment beside the few variables that every program needs; nothing else is inherited
     * @param ready a line of its output that says so
     */
    static Program start(
            String name, List<String> command, Map<String, String> environment, Path folder, Path logs, Pattern ready) {
        try {
            Path log = Files.createDirectories(logs).resolve(name + ".log");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            Map<String, String> inherited = new HashMap<>(builder.environment());
            inherited.keySet().retainAll(INHERITED);
            builder.environment().clear();
            builder.environment().putAll(inherited);
            builder.environment().putAll(environment);
            Program program = new Program(name, builder.start(), log);
            Runtime.getRuntime().addShutdownHook(new Thread(program.process::destroyForcibly, "end " + name));
            program.await(ready);
            return program;
        } catch (IOException e) {
            throw new LoadException(name + " cannot be started: " + e.getMessage(), e);
        }
    }

    private void await(Pattern ready) throws IOException {
        long start = System.nanoTime();
        while (!ready.matcher(output()).find()) {
            if (!process.isAlive() || System.nanoTime() - start > START_NANOS) {
                process.destroyForcibly();
                throw new LoadException(name + " does not start; its output is in " + log);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    String output() throws IOException {
        return Files.readString(log);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks it to end, and after twenty seconds ends it. */
    @Override
    public void close() {
        process.toHandle().destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
