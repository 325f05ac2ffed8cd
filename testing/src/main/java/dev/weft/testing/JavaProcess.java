package dev.weft.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A Java program in a process of its own, on the JDK that runs the tests. Standard output and error are captured together, in the order
 * in which the program wrote them.
 */
public final class JavaProcess implements AutoCloseable {
    private static final Duration END_LIMIT = Duration.ofSeconds(10);
    // What a program needs of its surroundings; all else would let the developer's own settings into tests.
    private static final List<String> INHERITED = List.of("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "TZ");

    private final String name;
    private final Process process;
    private final CapturedOutput output;

    private JavaProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.output = CapturedOutput.of(process.getInputStream(), name);
    }

    /**
     * What to start.
     *
     * @param mainClass its full name
     * @param classPath jars and folders
     * @param jvmArguments before the main class: {@code -Xmx64m}
     * @param arguments after the main class
     * @param environment all that the program sees besides {@code PATH}, {@code HOME} and a few of that kind
     * @param folder the working folder
     */
    public record Command(
            String mainClass,
            List<Path> classPath,
            List<String> jvmArguments,
            List<String> arguments,
            Map<String, String> environment,
            Path folder) {
        public Command {
            classPath = List.copyOf(classPath);
            jvmArguments = List.copyOf(jvmArguments);
            arguments = List.copyOf(arguments);
            environment = Map.copyOf(environment);
        }

        /** A program on the class path of the tests themselves, in the folder that they run in, without arguments and environment. */
        public static Command of(String mainClass) {
            List<Path> classPath = Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                    .splitAsStream(System.getProperty("java.class.path"))
                    .map(path -> Path.of(path).toAbsolutePath())
                    .toList();
            return new Command(
                    mainClass,
                    classPath,
                    List.of(),
                    List.of(),
                    Map.of(),
                    Path.of("").toAbsolutePath());
        }

        public Command withClassPath(List<Path> other) {
            return new Command(mainClass, other, jvmArguments, arguments, environment, folder);
        }

        public Command withJvmArguments(String... other) {
            return new Command(mainClass, classPath, List.of(other), arguments, environment, folder);
        }

        public Command withArguments(String... other) {
            return new Command(mainClass, classPath, jvmArguments, List.of(other), environment, folder);
        }

        public Command withEnvironment(Map<String, String> other) {
            return new Command(mainClass, classPath, jvmArguments, arguments, other, folder);
        }

        public Command withFolder(Path other) {
            return new Command(mainClass, classPath, jvmArguments, arguments, environment, other);
        }
    }

    /** Starts the program and does not wait for it. */
    public static JavaProcess start(Command command) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(command.jvmArguments());
        words.add("-cp");
        words.add(command.classPath().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        words.add(command.mainClass());
        words.addAll(command.arguments());
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(command.folder().toFile()).redirectErrorStream(true);
        Map<String, String> inherited = new HashMap<>(builder.environment());
        inherited.keySet().retainAll(INHERITED);
        builder.environment().clear();
        builder.environment().putAll(inherited);
        builder.environment().putAll(command.environment());
        try {
            return new JavaProcess(command.mainClass(), builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The first line of output, past or to come, in which {@code pattern} is found.
     *
     * @throws AssertionError if none comes within {@code limit}, or the program has ended without it; the message holds the output
     */
    public MatchResult awaitLine(Pattern pattern, Duration limit) {
        return output.awaitMatch(pattern, limit)
                .orElseThrow(() -> new AssertionError(name
                        + (process.isAlive()
                                ? " wrote no line in " + limit + " with '"
                                : " ended without a line with '")
                        + pattern + "'; its output:\n" + output.text()));
    }

    /** All output so far. */
    public String output() {
        return output.text();
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Asks it to end, as Ctrl-C and container engines do; does not wait. */
    public void sigterm() {
        // Through the handle: Process.destroy would close the streams too, and with them the program's last words.
        process.toHandle().destroy();
    }

    /** Ends it on the spot and waits until it is gone. */
    public void sigkill() {
        process.toHandle().destroyForcibly();
        exitCode(END_LIMIT);
    }

    /** Halts it: its connections stay open and nothing answers. */
    public void sigstop() {
        signal("STOP");
    }

    /** Lets it go on after {@link #sigstop}. */
    public void sigcont() {
        signal("CONT");
    }

    /**
     * Waits for its end, and for all its output.
     *
     * @return the exit code; 128 + n after signal n
     * @throws AssertionError if it still runs after {@code limit}
     */
    public int exitCode(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(name + " still runs after " + limit + "; its output:\n" + output.text());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + name, e);
        }
        output.awaitEnd(END_LIMIT);
        return process.exitValue();
    }

    /** Kills it, and what it started, if it still runs. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        exitCode(END_LIMIT);
    }

    private void signal(String signal) {
        Optional<Path> kill = Requirements.onPath("kill");
        try {
            Process sender = new ProcessBuilder(
                            kill.map(Path::toString).orElse("kill"), "-" + signal, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .start();
            CapturedOutput said = CapturedOutput.of(sender.getInputStream(), "kill");
            if (sender.waitFor() != 0) {
                throw new IllegalStateException("kill -" + signal + " failed: " + said.text());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending SIG" + signal, e);
        }
    }
}
