package dev.weft.worker;

import dev.weft.room.RedisUnavailableException;
import dev.weft.settings.InvalidSettingException;
import dev.weft.settings.Settings;
import dev.weft.storage.StorageException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The command {@code weft worker}. */
@CommandLine.Command(
        name = "weft worker",
        mixinStandardHelpOptions = true,
        versionProvider = WorkerMain.Version.class,
        description = "Stores what is edited, and lets Redis forget what is stored.",
        footer = {
            "",
            "It is configured by environment variables, or by a file .env in the current folder:",
            "",
            "  REDIS, REDIS_URL           Redis, 7.0 or newer, or Valkey: redis://localhost:6379",
            "  REDIS_PREFIX               first part of every key in Redis (y)",
            "  REDIS_TASK_DEBOUNCE        how long after an edit a room is stored, in ms; a worker",
            "                             silent for as long loses its tasks to others (10000)",
            "  REDIS_MIN_MESSAGE_LIFETIME how long entries stay in Redis, in ms, the same for all",
            "                             servers and workers (60000)",
            "  REDIS_TIMEOUT              how long Redis may take to answer, in ms (5000)",
            "  STORAGE                    postgres or s3, if both are configured",
            "  POSTGRES                   postgres://user:password@host:5432/database",
            "  POSTGRES_POOL_SIZE, POSTGRES_POOL_WAIT, POSTGRES_TIMEOUT (10, 10000, 30000)",
            "  POSTGRES_MIGRATE           whether tables are made that are missing or old (true)",
            "  S3_ENDPOINT, S3_PORT, S3_SSL, S3_PATH_STYLE, S3_REGION",
            "  S3_ACCESS_KEY, S3_SECRET_KEY, S3_SESSION_TOKEN",
            "  S3_BUCKET, S3_CREATE_BUCKET, S3_PREFIX (ydocs, true, none)",
            "  S3_SSE, S3_SSE_KMS_KEY_ID  how the store is to encrypt: AES256, aws:kms",
            "  S3_CONNECTIONS, S3_PART_BYTES, S3_TIMEOUT, S3_RETRIES (50, 33554432, 60000, 3)",
            "  WORKER_CONCURRENCY         rooms stored at one time, 1 to 64 (3)",
            "  WORKER_MEMORY_BYTES        memory for the documents of these (half of the heap)",
            "  WORKER_REWRITE_AFTER       a large document that is edited is written whole that often,",
            "                             in ms (86400000, a day)",
            "  WORKER_QUARANTINE_AFTER    failures in turn after which a room is set aside (6)",
            "  YDOC_GC                    whether what was deleted in documents is dropped for good, as",
            "                             a Y.Doc with gc: true does (true)",
            "  YDOC_GC_EXCEPT             rooms where it is kept: minutes/*, contract-*",
            "  YDOC_UPDATE_CALLBACK       address of your backend that takes changed documents:",
            "                             PUT <address>/<room>",
            "  YDOC_UPDATE_TIMEOUT        how long it may take for one, in ms (10000)",
            "  YDOC_UPDATE_FORMAT         update: a form with the document in encoding V2; json: what is",
            "                             in it, as text and values (update)",
            "  YDOC_UPDATE_SECRET         signs each, 16 characters at least (unsigned)",
            "  METRICS_PORT               where to answer GET /health and GET /metrics (nowhere)",
            "  SHUTDOWN_TIMEOUT           how long a stop may take, in ms (10000)",
            "  LOG_LEVEL, LOG_FORMAT      info, debug, …; text or json",
            "",
            "Run as many as you like; they share the work."
        })
public final class WorkerMain implements Callable<Integer> {
    private static final int CANNOT_START = 2;

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    private WorkerMain() {}

    public static void main(String[] arguments) {
        int code = new CommandLine(new WorkerMain()).execute(arguments);
        if (code != 0) {
            System.exit(code);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        WeftWorker worker;
        try {
            worker = WeftWorker.start(Settings.load(Path.of("")));
        } catch (InvalidSettingException | RedisUnavailableException | StorageException e) {
            err().println("weft worker: " + e.getMessage());
            return CANNOT_START;
        }
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            worker.close();
                            stopped.countDown();
                        },
                        "stop the worker"));
        out().println("ready worker"
                + (worker.statusPort().isPresent()
                        ? " http://localhost:" + worker.statusPort().getAsInt() + "/metrics"
                        : ""));
        out().flush();
        stopped.await();
        return 0;
    }

    private PrintWriter out() {
        return commandLine().getOut();
    }

    private PrintWriter err() {
        return commandLine().getErr();
    }

    private CommandLine commandLine() {
        return Objects.requireNonNull(spec).commandLine();
    }

    /** The version that the build wrote into the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = WorkerMain.class.getPackage().getImplementationVersion();
            return new String[] {"weft " + (version == null ? "(not packaged)" : version)};
        }
    }
}
