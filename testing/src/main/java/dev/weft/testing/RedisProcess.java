package dev.weft.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import redis.embedded.RedisExecProvider;

/** One run of the redis-server that embedded-redis brings along. */
final class RedisProcess {
    private static final Duration START_LIMIT = Duration.ofSeconds(20);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final int PING_MILLIS = 1_000;
    private static final long PAUSE_MILLIS = 10;
    private static final byte[] PING = "PING\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PONG = "+PONG\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final Pattern READY = Pattern.compile("Ready to accept connections");

    private final Process process;
    private final CapturedOutput output;

    private RedisProcess(Process process) {
        this.process = process;
        this.output = CapturedOutput.of(process.getInputStream(), "redis-server");
    }

    /** Starts Redis and waits until it answers; empty if it ended, as it does when its port is taken. */
    static Optional<RedisProcess> start(int port, Path folder, List<String> settings) {
        List<String> command = new ArrayList<>(List.of(
                Executable.PATH.toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString(),
                "--save",
                ""));
        command.addAll(settings);
        RedisProcess redis;
        try {
            redis = new RedisProcess(new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return redis.awaitAnswer(port) ? Optional.of(redis) : Optional.empty();
    }

    private boolean awaitAnswer(int port) {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!answers(port)) {
            try {
                if (process.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                    return takenPort();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while Redis started", e);
            }
            if (System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new IllegalStateException("Redis did not answer in " + START_LIMIT + ":\n" + output.text());
            }
        }
        // What answered may be another Redis, on whose port this one is about to fail.
        return process.isAlive() && output.awaitMatch(READY, START_LIMIT).isPresent();
    }

    private boolean takenPort() {
        output.awaitEnd(STOP_LIMIT);
        if (output.text().contains("Address already in use")) {
            return false;
        }
        throw new IllegalStateException("Redis ended with " + process.exitValue() + ":\n" + output.text());
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PING_MILLIS);
            socket.getOutputStream().write(PING);
            InputStream in = socket.getInputStream();
            return Arrays.equals(in.readNBytes(PONG.length), PONG);
        } catch (IOException e) {
            return false;
        }
    }

    /** SIGTERM, so that Redis finishes its files. */
    void stop() {
        // Through the handle: Process.destroy would close the streams too, and with them Redis' last words.
        process.toHandle().destroy();
        awaitEnd();
    }

    /** SIGKILL. */
    void kill() {
        process.toHandle().destroyForcibly();
        awaitEnd();
    }

    long pid() {
        return process.pid();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("Redis did not stop:\n" + output.text());
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Unpacked once a JVM, on first use. */
    private static final class Executable {
        static final Path PATH = find();

        private static Path find() {
            try {
                return RedisExecProvider.defaultProvider().get().toPath().toAbsolutePath();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
