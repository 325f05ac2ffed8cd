package dev.weft.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import redis.embedded.RedisExecProvider;

/**
 * A Redis of the demo's own, on a free port of the loopback, with an append-only file. It makes itself a daemon, so that a Ctrl-C meant for
 * the demo does not end it before the demo has.
 */
final class DemoRedis implements AutoCloseable {
    private static final String PROGRAM = "redis-server";
    private static final String SIGNAL = "TERM";
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long PAUSE_MILLIS = 20;

    private final int port;
    private final ProcessHandle process;

    private DemoRedis(int port, ProcessHandle process) {
        this.port = port;
        this.process = process;
    }

    static DemoRedis start(DataFolder data, OrphanGuard guard) throws IOException, DemoException {
        Path folder = data.folder("redis");
        Path pidFile = folder.resolve("redis.pid");
        Leftover.end(pidFile, PROGRAM, SIGNAL);

        int port = Ports.freeOnLoopback();
        Path log = folder.resolve("redis.log");
        Path config = folder.resolve("redis.conf");
        Files.writeString(config, """
                # Written anew at each start of the demo.
                bind 127.0.0.1
                port %d
                daemonize yes
                pidfile %s
                logfile %s
                dir %s
                save ""
                appendonly yes
                appendfsync everysec
                """.formatted(port, quoted(pidFile), quoted(log), quoted(folder)));
        Process launcher = new ProcessBuilder(program(data).toString(), config.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        long pid = await(port, pidFile, launcher, log);
        guard.watch(pid, SIGNAL);
        ProcessHandle process = ProcessHandle.of(pid)
                .orElseThrow(() -> new DemoException("Redis ended right after its start; its log is " + log));
        return new DemoRedis(port, process);
    }

    String address() {
        return "redis://127.0.0.1:" + port;
    }

    /** Redis writes what it has to disk and ends. */
    @Override
    public void close() throws IOException, DemoException {
        Leftover.end(process, PROGRAM, SIGNAL);
    }

    /** The executable for this machine, unpacked once. */
    private static Path program(DataFolder data) throws IOException, DemoException {
        Path program = data.folder("bin").resolve(PROGRAM + "-" + RedisExecProvider.redisVersion);
        if (!Files.exists(program)) {
            Path unpacked;
            try {
                unpacked = RedisExecProvider.defaultProvider().get().toPath();
            } catch (IllegalArgumentException e) {
                throw new DemoException("the demo has no Redis for this machine (" + e.getMessage() + ")", e);
            }
            Path fresh = program.resolveSibling(program.getFileName() + ".new");
            Files.move(unpacked, fresh, StandardCopyOption.REPLACE_EXISTING);
            Files.move(fresh, program, StandardCopyOption.ATOMIC_MOVE);
        }
        return program;
    }

    private static long await(int port, Path pidFile, Process launcher, Path log) throws IOException, DemoException {
        long start = System.nanoTime();
        try {
            while (System.nanoTime() - start < PATIENCE_NANOS) {
                boolean launched = launcher.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                if (launched && launcher.exitValue() != 0) {
                    throw new DemoException("Redis does not start; its log is " + log);
                }
                if (launched && Leftover.pid(pidFile).isPresent() && answers(port)) {
                    return Leftover.pid(pidFile).orElseThrow();
                }
                if (launched) {
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoException("interrupted");
        }
        throw new DemoException("Redis does not answer on port " + port + "; its log is " + log);
    }

    /** While it reads its file it answers too, but with an error. */
    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            return "+PONG".equals(reader.readLine());
        } catch (IOException e) {
            return false;
        }
    }

    private static String quoted(Path path) {
        return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
