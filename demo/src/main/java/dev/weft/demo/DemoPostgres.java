package dev.weft.demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A Postgres of the demo's own, on a free port of the loopback, that keeps its data. */
final class DemoPostgres implements AutoCloseable {
    private static final String PROGRAM = "postgres";
    /** Ends the sessions of clients and shuts down ("fast"). */
    private static final String SIGNAL = "INT";

    private final EmbeddedPostgres postgres;
    private final Path pidFile;

    private DemoPostgres(EmbeddedPostgres postgres, Path pidFile) {
        this.postgres = postgres;
        this.pidFile = pidFile;
    }

    static DemoPostgres start(DataFolder data, OrphanGuard guard) throws IOException, DemoException {
        Path folder = data.path().resolve("postgres");
        Path pidFile = folder.resolve("postmaster.pid");
        Path complete = data.path().resolve("postgres.complete");
        Path log = data.path().resolve("postgres.log");
        Leftover.end(pidFile, PROGRAM, SIGNAL);
        if (!Files.exists(complete)) {
            // What a first start left that was killed half way; it never held a document.
            delete(folder);
        }
        ProcessBuilder.Redirect output = ProcessBuilder.Redirect.appendTo(log.toFile());
        EmbeddedPostgres postgres;
        try {
            postgres = EmbeddedPostgres.builder()
                    .setDataDirectory(folder)
                    .setOverrideWorkingDirectory(data.folder("bin").toFile())
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    // The library is made for tests and would trade safety for speed.
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("max_connections", "50")
                    .setServerConfig("unix_socket_directories", "")
                    // Whatever LANG says may not be installed.
                    .setLocaleConfig("locale", "C")
                    .setOutputRedirector(output)
                    .setErrorRedirector(output)
                    .setPGStartupWait(Duration.ofMinutes(2))
                    .start();
        } catch (IOException | RuntimeException e) {
            Leftover.end(pidFile, PROGRAM, SIGNAL); // It may have come up too late, or its starter was interrupted.
            throw new DemoException(why(log), e);
        }
        // The library opens it to everybody, to share the programs between users; here they are one user's.
        Files.setPosixFilePermissions(data.folder("bin"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(complete, "The folder postgres was set up to its end.\n");
        guard.watch(Leftover.pid(pidFile).orElseThrow(() -> new DemoException("Postgres wrote no " + pidFile)), SIGNAL);
        return new DemoPostgres(postgres, pidFile);
    }

    String address() {
        return "postgres://postgres:postgres@127.0.0.1:" + postgres.getPort() + "/postgres";
    }

    @Override
    public void close() throws IOException, DemoException {
        postgres.close();
        Leftover.end(
                pidFile, PROGRAM, SIGNAL); // The library gives up after 5 s; on a busy machine that may be too early.
    }

    private static String why(Path log) throws IOException {
        List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
        if (lines.stream()
                .skip(Math.max(0, lines.size() - 20))
                .anyMatch(line -> line.contains("cannot be run as root"))) {
            return "Postgres refuses to run as root, and this machine has no user namespaces to drop privileges with;"
                    + " run the demo as another user";
        }
        return "Postgres does not start; its log is " + log;
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(folder)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
