package dev.weft.system;

import dev.weft.testing.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * All that a test has started. Whatever becomes of the test, it is ended in the reverse order, what the Java processes wrote goes to {@code
 * target/logs}, and the end of it into the failure if there is one. Registered with a static field it belongs to all tests of the class.
 */
final class Processes
        implements BeforeAllCallback,
                AfterAllCallback,
                AfterEachCallback,
                TestExecutionExceptionHandler,
                LifecycleMethodExecutionExceptionHandler {
    private static final int SHOWN_CHARACTERS = 6_000;

    private record Log(String name, JavaProcess process) {}

    /** The output of processes, attached to the failure that it may explain. */
    private static final class ProcessOutput extends Exception {
        private static final long serialVersionUID = 1;

        ProcessOutput(String message) {
            super(message, null, false, false);
        }
    }

    // Guarded by this.
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final ConcurrentLinkedQueue<Log> logs = new ConcurrentLinkedQueue<>();
    private boolean ofClass;

    JavaProcess java(String name, JavaProcess.Command command) {
        JavaProcess process = owned(JavaProcess.start(command));
        logs.add(new Log(name, process));
        return process;
    }

    /** A process of stock clients. */
    ClientProcess clients() {
        return owned(ClientProcess.start());
    }

    synchronized <T extends AutoCloseable> T owned(T closeable) {
        started.push(closeable);
        return closeable;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        ofClass = true;
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        if (!ofClass) {
            end(context);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        end(context);
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw explained(failure);
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw explained(failure);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw explained(failure);
    }

    private Throwable explained(Throwable failure) {
        for (Log log : logs) {
            String output = log.process.output();
            String end = output.substring(Math.max(0, output.length() - SHOWN_CHARACTERS));
            failure.addSuppressed(new ProcessOutput(
                    log.name + (log.process.isAlive() ? " (running)" : " (ended)") + " wrote:\n" + end));
        }
        return failure;
    }

    private synchronized void end(ExtensionContext context) throws Exception {
        List<Exception> failures = new ArrayList<>();
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                failures.add(e);
            }
        }
        Path folder = Checkout.LOGS
                .resolve(context.getRequiredTestClass().getSimpleName())
                .resolve(context.getDisplayName().replaceAll("[^A-Za-z0-9]+", "-"));
        write(folder);
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }

    private void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        int number = 0;
        for (Log log = logs.poll(); log != null; log = logs.poll()) {
            Files.writeString(
                    folder.resolve(++number + "-" + log.name + ".log"), log.process.output() + System.lineSeparator());
        }
    }
}
