package dev.weft.chaos;

import dev.weft.testing.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A process of Weft that is started again after it was killed. One fault at a time befalls it. */
final class Member implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration TRY_AGAIN = Duration.ofMillis(500);

    private final String name;
    private final JavaProcess.Command command;
    private final Pattern ready;
    private final Path log;
    private final AtomicBoolean troubled = new AtomicBoolean();
    private @Nullable JavaProcess process;
    private volatile boolean closed;

    Member(String name, JavaProcess.Command command, Pattern ready, Path logs) {
        this.name = name;
        this.command = command;
        this.ready = ready;
        log = logs.resolve(name + ".log");
    }

    /**
     * Starts it, again and again: while Redis or storage are down it gives up at once, as its supervisor expects.
     *
     * @return what it said when it was ready
     */
    synchronized MatchResult start() {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            if (closed) {
                throw new StuckException(name + " is not wanted any more");
            }
            JavaProcess next = JavaProcess.start(command);
            process = next;
            try {
                return next.awaitLine(ready, START_LIMIT);
            } catch (AssertionError e) {
                end();
                if (System.nanoTime() > deadline) {
                    throw new StuckException(name + " did not start: " + e.getMessage());
                }
                sleep(TRY_AGAIN);
            }
        }
    }

    /** Kills it, and starts it again after a while; false if something else happens to it. */
    boolean kill(Duration down) {
        return kill(down, ready -> {});
    }

    /** The same; {@code whenReady} hears what it says when it is ready again. */
    boolean kill(Duration down, Consumer<MatchResult> whenReady) {
        if (!troubled.compareAndSet(false, true)) {
            return false;
        }
        try {
            synchronized (this) {
                end();
            }
            sleep(down);
            whenReady.accept(start());
            return true;
        } finally {
            troubled.set(false);
        }
    }

    /** Halts it for a while; false if something else happens to it. */
    boolean pause(Duration length) {
        if (!troubled.compareAndSet(false, true)) {
            return false;
        }
        try {
            JavaProcess halted;
            synchronized (this) {
                halted = process;
            }
            if (halted == null || !halted.isAlive()) {
                return false;
            }
            halted.sigstop();
            sleep(length);
            halted.sigcont();
            return true;
        } finally {
            troubled.set(false);
        }
    }

    synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    @Override
    public void close() {
        closed = true;
        synchronized (this) {
            end();
        }
    }

    private void end() {
        JavaProcess ended = process;
        process = null;
        if (ended == null) {
            return;
        }
        ended.sigkill();
        try {
            Files.writeString(
                    log, ended.output() + "\n---- ended ----\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void sleep(Duration length) {
        try {
            Thread.sleep(length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StuckException("interrupted");
        }
    }
}
