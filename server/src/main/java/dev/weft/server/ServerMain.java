package dev.weft.server;

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

/** The command {@code weft server}. */
@CommandLine.Command(
        name = "weft server",
        mixinStandardHelpOptions = true,
        versionProvider = ServerMain.Version.class,
        description = "Serves Yjs documents to y-websocket clients.",
        footer = {
            "",
            "It is configured by environment variables, or by a file .env in the current folder:",
            "",
            "  REDIS, REDIS_URL           Redis, 7.0 or newer, or Valkey: redis://localhost:6379",
            "  REDIS_PREFIX               first part of every key in Redis (y)",
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
            "  AUTH_PUBLIC_KEY            P-384 public key as JWK JSON; 'weft keys' makes a pair",
            "  AUTH_PERM_CALLBACK         address of your backend that says who may do what:",
            "                             GET <address>/<room>/<userid>",
            "  AUTH_PERM_TIMEOUT          how long it may take to answer, in ms (5000)",
            "  YDOC_SEED_CALLBACK         address of your backend that gives new rooms their first",
            "                             content: GET <address>/<room>",
            "  YDOC_SEED_TIMEOUT          how long it may take to answer, in ms (10000)",
            "  HOST, PORT                 where to listen (0.0.0.0, 3002); 0 takes a free port",
            "  MAX_CONNECTIONS            more are refused with 503 (50000)",
            "  MAX_UPGRADES               connections being made at one time (1000)",
            "  MAX_MEMORY_PERCENT         upgrades are refused with 503 while more memory is in use (90)",
            "  MAX_LAG                    the same while this server is later with its work, in ms (1000)",
            "  MAX_MESSAGE_BYTES          longest message of a client (67108864)",
            "  MAX_BACKLOG_BYTES          what may wait for a slow client (16777216)",
            "  MAX_IN_FLIGHT_BYTES        what a client may have on its way to Redis (1048576)",
            "  JOIN_MEMORY_BYTES          what documents may take that are on their way to those who",
            "                             join (a quarter of the heap)",
            "  JOIN_CACHE_BYTES           what is remembered of stored documents, so that clients which",
            "                             have them cost no loading (a 32nd of the heap)",
            "  JOIN_TIMEOUT               how long a join may wait for its turn, and its answer be",
            "                             under way, in ms (120000)",
            "  FAN_OUT_INTERVAL           what happens in a room within so many ms leaves together (20)",
            "  PRESENCE_INTERVAL          the same for presence in rooms with many people (100)",
            "  KEEP_ALIVE                 quiet clients get an empty message that often, in ms (20000)",
            "  PEER_TIMEOUT               silent clients are gone after that, in ms (60000)",
            "  HTTP_TIMEOUT               how long a request may take to arrive, in ms (10000)",
            "  CLOSE_DELAY                how long a faulty client waits for its close, in ms (3000)",
            "  CLOSE_SPREAD               over what time many closes are spread, in ms (2000)",
            "  SHUTDOWN_TIMEOUT           how long a stop may take, in ms (10000)",
            "  DRAIN_DELAY                how long before a stop /health says so, in ms (0)",
            "  TRANSPORT                  auto, io_uring, epoll or nio (auto)",
            "  REUSE_PORT                 whether several servers listen on one port (false)",
            "  COMPRESSION                whether clients may compress messages and get them so (true)",
            "  LOG_LEVEL, LOG_FORMAT      info, debug, …; text or json",
            "",
            "GET /health and GET /metrics answer on the same port. There is no TLS: put a proxy before it."
        })
public final class ServerMain implements Callable<Integer> {
    private static final int CANNOT_START = 2;
    private static final int HELP_WIDTH = 100;

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    ServerMain() {}

    static CommandLine commandLine(ServerMain main) {
        return new CommandLine(main).setUsageHelpWidth(HELP_WIDTH);
    }

    public static void main(String[] arguments) {
        int code = commandLine(new ServerMain()).execute(arguments);
        if (code != 0) {
            System.exit(code);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        WeftServer server;
        try {
            server = WeftServer.start(Settings.load(Path.of("")));
        } catch (InvalidSettingException | RedisUnavailableException | StorageException | CannotListenException e) {
            err().println("weft server: " + e.getMessage());
            return CANNOT_START;
        }
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            server.close();
                            stopped.countDown();
                        },
                        "stop the server"));
        out().println("ready ws://" + server.address().getHostString() + ":" + server.port());
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
            String version = ServerMain.class.getPackage().getImplementationVersion();
            return new String[] {"weft " + (version == null ? "(not packaged)" : version)};
        }
    }
}
