package dev.weft.system;

import static dev.weft.system.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testing.Ports;
import dev.weft.testing.Requirements;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A run of {@code ./weft demo}, as somebody types it who has cloned the repository. What it writes goes to {@code target/logs}. */
final class DemoProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration END_LIMIT = Duration.ofSeconds(40);

    private final Process process;
    private final Path log;
    private final int port;
    private final int pagePort;
    private final Set<ProcessHandle> children = new HashSet<>();

    private DemoProcess(Process process, Path log, int port, int pagePort) {
        this.process = process;
        this.log = log;
        this.port = port;
        this.pagePort = pagePort;
    }

    /** Starts it on free ports and waits until it says that it is ready. */
    static DemoProcess start(Path data) {
        DemoProcess demo = run(data, Ports.free(), Ports.free());
        demo.awaitReady();
        return demo;
    }

    /** Starts it and does not wait. The page needs Node.js to be built. */
    static DemoProcess run(Path data, int port, int pagePort) {
        Requirements.node();
        try {
            Path folder = Files.createDirectories(Checkout.LOGS.resolve("demo"));
            Path log = folder.resolve(UUID.randomUUID() + ".log");
            ProcessBuilder builder = new ProcessBuilder(
                            Checkout.ROOT.resolve("weft").toString(),
                            "demo",
                            "--port",
                            Integer.toString(port),
                            "--auth-port",
                            Integer.toString(pagePort),
                            "--data",
                            data.toString())
                    .directory(Checkout.ROOT.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            // The build that runs this test has built it.
            builder.environment().put("WEFT_BUILD", "no");
            return new DemoProcess(builder.start(), log, port, pagePort);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitReady() {
        await("the demo is ready, or has ended")
                .atMost(START_LIMIT)
                .until(() -> !process.isAlive() || lines().stream().anyMatch(line -> line.contains("ready")));
        assertThat(process.isAlive()).as("the demo has ended:\n%s", output()).isTrue();
        process.descendants().forEach(children::add);
    }

    String url() {
        return "ws://127.0.0.1:" + port;
    }

    /** The page's address. */
    String page() {
        return "http://127.0.0.1:" + pagePort + "/";
    }

    HttpResponse<String> get(String path) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(page()).resolve(path)).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A stock client's way in, with a fresh token. */
    Dial dial(String room) {
        return Dial.to(url(), room).token(get("auth/token").body());
    }

    /** Ctrl-C's twin; returns the exit code. */
    int stop() {
        process.destroy();
        return exitCode();
    }

    int exitCode() {
        try {
            assertThat(process.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("the demo still runs:\n%s", output())
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return process.exitValue();
    }

    /** SIGKILL to the demo, and to nothing that it has started. */
    void sigkill() {
        process.destroyForcibly();
        exitCode();
    }

    /** Processes that it had started by the time when it was ready. */
    Set<ProcessHandle> children() {
        return children;
    }

    List<String> lines() {
        return output().lines().filter(line -> !line.isBlank()).toList();
    }

    String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
