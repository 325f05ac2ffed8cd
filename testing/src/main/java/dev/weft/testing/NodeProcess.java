package dev.weft.testing;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A running script that reads commands from its standard input and answers on its standard output, one line of JSON each. What it says
 * on standard error becomes part of failure messages.
 */
public final class NodeProcess implements AutoCloseable {
    private static final Duration END_LIMIT = Duration.ofSeconds(5);

    private final String name;
    private final Process process;
    private final BufferedWriter input;
    private final CapturedOutput output;
    private final CapturedOutput errors;

    NodeProcess(Process process, String name) {
        this.name = name;
        this.process = process;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        this.output = CapturedOutput.of(process.getInputStream(), name);
        this.errors = CapturedOutput.of(process.getErrorStream(), name + " (errors)");
    }

    /** Sends one line; {@code json} has no line break in it. */
    public synchronized void send(String json) {
        if (json.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("more than one line");
        }
        try {
            input.write(json);
            input.write('\n');
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(failure("has ended"), e);
        }
    }

    /**
     * The next line that the script wrote.
     *
     * @throws AssertionError if none comes within {@code limit}, or the script has ended
     */
    public String readLine(Duration limit) {
        return output.take(limit)
                .orElseThrow(() -> new AssertionError(
                        failure(process.isAlive() ? "wrote no line in " + limit : "ended without a further line")));
    }

    /** What the script wrote on standard error so far. */
    public String errors() {
        return errors.text();
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Ends the script's input, and then the script if that did not end it. */
    @Override
    public void close() {
        try {
            input.close();
        } catch (IOException e) {
            // It has ended already.
        }
        try {
            if (!process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private String failure(String what) {
        if (!process.isAlive()) {
            errors.awaitEnd(END_LIMIT);
        }
        return name + " " + what + "; its standard error:\n" + errors.text();
    }
}
