package dev.weft.demo;

import dev.weft.auth.AuthExample;
import dev.weft.auth.P384Keys;
import dev.weft.server.WeftServer;
import dev.weft.settings.Settings;
import dev.weft.worker.WeftWorker;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Everything that a demo runs: services, worker, auth example with the page, server. What was started is stopped in the opposite order, at
 * whatever point of the start {@link #close()} is called, and by whichever thread.
 */
final class Demo implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final Consumer<String> progress;
    private final Deque<Part> running = new ArrayDeque<>();
    private final CountDownLatch started = new CountDownLatch(1);
    private volatile boolean closed;
    private int port;
    private int pagePort;

    private record Part(String name, AutoCloseable handle) {}

    private Demo(Consumer<String> progress) {
        this.progress = progress;
    }

    /** One that runs nothing yet and says each step to {@code progress}. */
    static Demo create(Consumer<String> progress) {
        return new Demo(progress);
    }

    /** Starts everything; if that fails, or {@link #close()} comes in between, everything is stopped again. */
    void start(DemoOptions options) throws DemoException {
        try {
            startParts(options);
            started.countDown();
        } catch (DemoException e) {
            stopAfterFailure();
            throw e;
        } catch (IOException | RuntimeException e) {
            stopAfterFailure();
            throw new DemoException("cannot start (" + e.getMessage() + ")", e);
        }
    }

    private void stopAfterFailure() {
        started.countDown();
        close();
    }

    int port() {
        return port;
    }

    int pagePort() {
        return pagePort;
    }

    private void startParts(DemoOptions options) throws DemoException, IOException {
        // First what may fail for a reason that the user can mend, and only then what takes time.
        port = Ports.choose(options.host(), options.port(), "--port");
        pagePort = Ports.choose(options.host(), options.pagePort(), "--auth-port");
        if (port == pagePort) {
            throw new DemoException("--port and --auth-port must differ; both are " + port);
        }
        URI page = page();
        DataFolder data = add("data folder", DataFolder.open(options.data()));
        P384Keys keys = data.keys();

        progress.accept("data in " + data.path());
        OrphanGuard guard = add("guard", OrphanGuard.start());
        progress.accept("starting Redis …");
        DemoRedis redis = add("Redis", DemoRedis.start(data, guard));
        progress.accept("starting Postgres …");
        DemoPostgres postgres = add("Postgres", DemoPostgres.start(data, guard));

        Settings settings = settings(options, keys, redis, postgres);
        progress.accept("starting worker, page and server …");
        add("worker", WeftWorker.start(settings));
        add("page", startPage(settings, page));
        add("server", WeftServer.start(settings));
    }

    private Settings settings(DemoOptions options, P384Keys keys, DemoRedis redis, DemoPostgres postgres) {
        String backend = "http://" + (isWildcard(options.host()) ? "127.0.0.1" : options.host()) + ":" + pagePort;
        Map<String, String> values = new HashMap<>();
        values.put("HOST", options.host());
        values.put("PORT", Integer.toString(port));
        values.put("AUTH_PORT", Integer.toString(pagePort));
        values.put("AUTH_PUBLIC_KEY", keys.publicJwk());
        values.put("AUTH_PRIVATE_KEY", keys.privateJwk());
        values.put("AUTH_PERM_CALLBACK", backend + "/auth/perm");
        values.put("YDOC_UPDATE_CALLBACK", backend + "/ydoc");
        values.put("REDIS", redis.address());
        values.put("POSTGRES", postgres.address());
        return Settings.of(values);
    }

    static boolean isWildcard(String host) {
        return host.equals("0.0.0.0") || host.equals("::");
    }

    /** Where the built page lies: in a folder, or in the jar of this class. */
    private static URI page() throws DemoException {
        URL index = Demo.class.getResource("/page/index.html");
        if (index == null) {
            throw new DemoException("the page is not built: install Node.js 20.19 or newer and build again"
                    + " (rm -r demo/target, then ./weft demo)");
        }
        try {
            return index.toURI();
        } catch (URISyntaxException e) {
            throw new DemoException("the page is at a strange place: " + index, e);
        }
    }

    private static AuthExample startPage(Settings settings, URI index) throws IOException {
        if (!"jar".equals(index.getScheme())) {
            return AuthExample.start(
                    settings, Optional.ofNullable(Path.of(index).getParent()));
        }
        // The page is read into memory at the start, so the jar need not stay open.
        try (FileSystem jar = FileSystems.newFileSystem(index, Map.of())) {
            return AuthExample.start(settings, Optional.of(jar.getPath("/page")));
        }
    }

    private <T extends AutoCloseable> T add(String name, T handle) throws DemoException {
        synchronized (running) {
            running.push(new Part(name, handle));
        }
        if (closed) {
            throw new DemoException("stopped while starting");
        }
        return handle;
    }

    /** A service that is just starting is waited for: only then is there something that can be stopped in order. */
    @Override
    public void close() {
        closed = true;
        try {
            started.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (running) {
            while (!running.isEmpty()) {
                closePart(running.pop());
            }
        }
    }

    private void closePart(Part part) {
        try {
            part.handle().close();
        } catch (Exception e) {
            progress.accept("the " + part.name() + " did not stop in order: " + e);
        }
    }
}
