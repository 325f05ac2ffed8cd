package dev.weft.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * What some tests need of the machine and not every machine has. A test that calls one of these methods is skipped, with a word on what
 * is missing; where the environment has {@code CI=true} it fails.
 */
public final class Requirements {
    private static final int NODE_MAJOR = 20;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Pattern VERSION = Pattern.compile("v(\\d+)\\..*");

    private Requirements() {}

    /** Node.js 20 or newer with npm. */
    public static void node() {
        Optional<Path> node = onPath("node");
        if (node.isEmpty() || onPath("npm").isEmpty()) {
            missing("Node.js " + NODE_MAJOR + " or newer with npm is not on the PATH");
            return;
        }
        String version = output(node.get().toString(), "--version");
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) < NODE_MAJOR) {
            missing("Node.js is '" + version + "'; these tests need " + NODE_MAJOR + " or newer");
        }
    }

    /** An installed Chromium or Chrome; returns its executable. */
    public static Path chromium() {
        Optional<Path> browser = Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> onPath(name).stream())
                .findFirst();
        if (browser.isEmpty()) {
            missing("no Chromium is on the PATH");
        }
        return browser.orElseThrow();
    }

    private static void missing(String what) {
        decide(what, "true".equals(System.getenv("CI")));
    }

    static void decide(String what, boolean mustBeThere) {
        if (mustBeThere) {
            Assertions.fail(what + ", and under CI=true no test is skipped");
        }
        Assumptions.abort("skipped: " + what);
    }

    static Optional<Path> onPath(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(path)
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String output(String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .start();
            try {
                CapturedOutput output = CapturedOutput.of(process.getInputStream(), command[0]);
                boolean ended = process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS) && output.awaitEnd(LIMIT);
                return ended ? output.text().strip() : "no answer";
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            return "not runnable";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }
}
