package dev.weft.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A Redis on this machine. {@link #shared} is one for all tests of this JVM, which keep apart by key prefixes; {@link #start} makes one
 * that a test may stop, kill and restart on the same port and folder.
 *
 * <p>May be used by several threads. What was not closed is stopped when the JVM ends.
 */
public final class TestRedis implements AutoCloseable {
    private static final int REDIS_PORT = 6379;
    private static final int TRIES = 10;

    private final String host;
    private final int port;
    private final @Nullable Own own;

    private TestRedis(String host, int port, @Nullable Own own) {
        this.host = host;
        this.port = port;
        this.own = own;
    }

    /**
     * How a Redis of one's own runs.
     *
     * @param folder where it keeps its files, which outlive it; empty for a temporary folder that is deleted at {@link #close}
     * @param settings further words of redis-server's command line: {@code "--maxmemory", "10mb"}
     */
    public record Options(Optional<Path> folder, List<String> settings) {
        public Options {
            settings = List.copyOf(settings);
        }

        /** Keeps nothing over a restart. */
        public static Options inMemory() {
            return new Options(Optional.empty(), List.of());
        }

        /** Appends each command to a file in {@code folder} and forces it to disk before it answers. */
        public static Options appendOnly(Path folder) {
            return new Options(Optional.of(folder), List.of("--appendonly", "yes", "--appendfsync", "always"));
        }

        /** These, and further words of redis-server's command line. */
        public Options with(String... words) {
            List<String> all = new ArrayList<>(settings);
            all.addAll(Arrays.asList(words));
            return new Options(folder, all);
        }
    }

    /** The Redis of this JVM: embedded, or in a container if the system property {@code weft.test.services} says so. */
    public static TestRedis shared() {
        return Shared.INSTANCE;
    }

    /** A Redis of one's own that keeps nothing over a restart. */
    public static TestRedis start() {
        return start(Options.inMemory());
    }

    /** A Redis of one's own, always embedded, which answers when this returns. */
    public static TestRedis start(Options options) {
        for (int i = 0; i < TRIES; i++) {
            int port = Ports.free();
            Path folder = options.folder().orElseGet(() -> Folders.temporary("redis"));
            Optional<RedisProcess> process = RedisProcess.start(port, folder, options.settings());
            if (process.isPresent()) {
                boolean temporary = options.folder().isEmpty();
                Own own = new Own(port, folder, temporary, options.settings(), process.get());
                Runtime.getRuntime().addShutdownHook(new Thread(own::close, "stop Redis on port " + port));
                return new TestRedis("127.0.0.1", port, own);
            }
        }
        throw new IllegalStateException("Redis found every port taken");
    }

    /** As the setting {@code REDIS} takes it: {@code redis://127.0.0.1:15000}. */
    public String url() {
        return "redis://" + host + ":" + port;
    }

    public int port() {
        return port;
    }

    /** Stops it with SIGTERM and waits for its end. */
    public void stop() {
        own().stop();
    }

    /** Kills it with SIGKILL. */
    public void kill() {
        own().kill();
    }

    /** Starts it again, on the same port and folder, after {@link #stop} or {@link #kill}. */
    public void restart() {
        own().restart();
    }

    /** Process id, for signals; changes with each restart. */
    public long pid() {
        return own().pid();
    }

    /** Stops it; does nothing to the shared one. */
    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
    }

    private Own own() {
        if (own == null) {
            throw new IllegalStateException("this Redis is shared by all tests; start one of your own");
        }
        return own;
    }

    /** The state of a Redis that belongs to one test. */
    private static final class Own {
        private final int port;
        private final Path folder;
        private final boolean temporary;
        private final List<String> settings;
        // Null while stopped. Guarded by this.
        private @Nullable RedisProcess process;

        Own(int port, Path folder, boolean temporary, List<String> settings, RedisProcess process) {
            this.port = port;
            this.folder = folder;
            this.temporary = temporary;
            this.settings = settings;
            this.process = process;
        }

        synchronized void stop() {
            running().stop();
            process = null;
        }

        synchronized void kill() {
            running().kill();
            process = null;
        }

        synchronized void restart() {
            if (process != null) {
                throw new IllegalStateException("Redis runs");
            }
            process = RedisProcess.start(port, folder, settings)
                    .orElseThrow(() -> new IllegalStateException("port " + port + " was taken meanwhile"));
        }

        synchronized long pid() {
            return running().pid();
        }

        synchronized void close() {
            if (process != null) {
                process.kill();
                process = null;
            }
            if (temporary) {
                Folders.delete(folder);
            }
        }

        private RedisProcess running() {
            if (process == null) {
                throw new IllegalStateException("Redis is stopped");
            }
            return process;
        }
    }

    private static final class Shared {
        static final TestRedis INSTANCE = TestServices.inContainers() ? container() : embedded();

        private static TestRedis embedded() {
            TestRedis redis = start();
            return new TestRedis("127.0.0.1", redis.port(), null);
        }

        @SuppressWarnings("resource") // Lives as long as the JVM; Testcontainers removes it then, or the hook does.
        private static TestRedis container() {
            DockerImageName image =
                    DockerImageName.parse(TestServices.redisImage()).asCompatibleSubstituteFor("redis");
            GenericContainer<?> container = new GenericContainer<>(image).withExposedPorts(REDIS_PORT);
            container.start();
            Runtime.getRuntime().addShutdownHook(new Thread(container::stop, "stop the Redis container"));
            return new TestRedis(container.getHost(), container.getMappedPort(REDIS_PORT), null);
        }
    }
}
