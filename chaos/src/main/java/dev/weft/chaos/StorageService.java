package dev.weft.chaos;

import dev.weft.testing.JavaProcess;
import dev.weft.testing.TestPostgres;
import dev.weft.testing.TestS3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Postgres or an object store: a service of its own behind a relay, whose files outlive it. */
interface StorageService extends AutoCloseable {
    /** Settings of a storage that reaches it by the relay. */
    Map<String, String> settings();

    /** The name of the provider. */
    String provider();

    StorageRelay relay();

    /** Kills it with SIGKILL, and starts it again after a while; false if it is being killed already. */
    boolean kill(Duration down);

    /** How many versions lie there, whether or not any document knows them. */
    long versions() throws Exception;

    @Override
    void close() throws IOException;

    /** PostgreSQL. */
    final class Postgres implements StorageService {
        private final TestPostgres postgres;
        private final StorageRelay relay;
        private final String url;
        private final AtomicBoolean troubled = new AtomicBoolean();

        Postgres(Path folder) throws IOException {
            postgres = TestPostgres.start(folder.resolve("postgres"));
            relay = new StorageRelay(postgres.port());
            url = postgres.url().replace(":" + postgres.port() + "/", ":" + relay.port() + "/");
        }

        @Override
        public Map<String, String> settings() {
            return Map.of("POSTGRES", url);
        }

        @Override
        public String provider() {
            return "postgres";
        }

        @Override
        public StorageRelay relay() {
            return relay;
        }

        @Override
        public boolean kill(Duration down) {
            if (!troubled.compareAndSet(false, true)) {
                return false;
            }
            try {
                postgres.kill();
                Member.sleep(down);
                postgres.restart();
                return true;
            } finally {
                troubled.set(false);
            }
        }

        @Override
        public long versions() throws Exception {
            return postgres.count("weft_versions");
        }

        @Override
        public void close() throws IOException {
            relay.close();
            postgres.close();
        }
    }

    /** S3Proxy over a folder. */
    final class S3 implements StorageService {
        private static final String BUCKET = "documents";
        private static final Pattern READY = Pattern.compile("^ready (\\d+)$");

        private final Path objects;
        private final Member member;
        private final StorageRelay relay;

        S3(Path folder, Path logs) throws IOException {
            objects = Files.createDirectories(folder.resolve("objects"));
            member = new Member(
                    "s3",
                    JavaProcess.Command.of(ObjectStoreMain.class.getName())
                            .withArguments(objects.toString())
                            .withJvmArguments("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                    READY,
                    logs);
            relay = new StorageRelay(Integer.parseInt(member.start().group(1)));
        }

        @Override
        public Map<String, String> settings() {
            return TestS3.settings(relay.port(), BUCKET);
        }

        @Override
        public String provider() {
            return "s3";
        }

        @Override
        public StorageRelay relay() {
            return relay;
        }

        @Override
        public boolean kill(Duration down) {
            return member.kill(down, ready -> relay.target(Integer.parseInt(ready.group(1))));
        }

        @Override
        public long versions() throws IOException {
            try (Stream<Path> files = Files.walk(objects.resolve(BUCKET))) {
                return files.filter(Files::isRegularFile).count();
            }
        }

        @Override
        public void close() throws IOException {
            relay.close();
            member.close();
        }
    }
}
