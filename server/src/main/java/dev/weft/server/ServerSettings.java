package dev.weft.server;

import dev.weft.settings.Settings;
import java.net.URI;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.util.Optional;

/**
 * How this server is configured. There is no TLS here: put a proxy before it that ends TLS and passes WebSocket upgrades on.
 *
 * @param host address to listen on ({@code HOST}, default {@code 0.0.0.0})
 * @param port port to listen on; 0 takes a free one ({@code PORT}, default 3002)
 * @param publicKey verifies tokens ({@code AUTH_PUBLIC_KEY})
 * @param permissionCallback {@code AUTH_PERM_CALLBACK}
 * @param permissionTimeout {@code AUTH_PERM_TIMEOUT}, default 5 s
 * @param seedCallback where the first content of a room is asked for ({@code YDOC_SEED_CALLBACK}); empty if rooms begin empty
 * @param seedTimeout {@code YDOC_SEED_TIMEOUT}, default 10 s
 * @param limits bounds on bytes and counts
 * @param times periods and delays
 * @param joins what answers to joins may take
 * @param rates how often rooms speak
 * @param shedding when the server takes no more connections
 * @param listening how it listens
 */
record ServerSettings(
        String host,
        int port,
        ECPublicKey publicKey,
        URI permissionCallback,
        Duration permissionTimeout,
        Optional<URI> seedCallback,
        Duration seedTimeout,
        Limits limits,
        Times times,
        Joins joins,
        Rates rates,
        Shedding shedding,
        Listening listening) {

    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;

    static ServerSettings from(Settings settings) {
        return new ServerSettings(
                settings.text("HOST").orElse("0.0.0.0"),
                settings.integer("PORT", 3002, 0, 65535),
                settings.required(
                        "AUTH_PUBLIC_KEY", "a P-384 public key as JWK JSON (weft keys makes a pair)", Es384Key::parse),
                settings.required(
                        "AUTH_PERM_CALLBACK",
                        "the http(s) address that answers permission questions, such as http://localhost:5173/auth/perm",
                        ServerSettings::httpUri),
                settings.millis("AUTH_PERM_TIMEOUT", Duration.ofSeconds(5), Duration.ofMillis(10)),
                settings.value(
                        "YDOC_SEED_CALLBACK",
                        "the http(s) address that gives new rooms their content, such as http://localhost:5173/seed",
                        ServerSettings::httpUri),
                settings.millis("YDOC_SEED_TIMEOUT", Duration.ofSeconds(10), Duration.ofMillis(10)),
                Limits.from(settings),
                Times.from(settings),
                Joins.from(settings),
                Rates.from(settings),
                Shedding.from(settings),
                Listening.from(settings));
    }

    private static URI httpUri(String text) {
        URI uri = URI.create(text);
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!http || uri.getHost() == null || uri.getQuery() != null || uri.getFragment() != null) {
            throw new IllegalArgumentException("not an http address without a query");
        }
        return uri;
    }

    /**
     * @param connections WebSocket connections at one time; more are refused with 503 ({@code MAX_CONNECTIONS})
     * @param upgrades upgrades in progress at one time; more are refused with 503 ({@code MAX_UPGRADES})
     * @param messageBytes longest message that a client may send ({@code MAX_MESSAGE_BYTES})
     * @param backlogBytes what may wait to be sent to one client, join answers excepted ({@code MAX_BACKLOG_BYTES}); also what is held for
     *     those who are joining a room
     * @param inFlightBytes what one client may have on the way to Redis before its socket is read no further ({@code MAX_IN_FLIGHT_BYTES})
     */
    record Limits(int connections, int upgrades, int messageBytes, int backlogBytes, int inFlightBytes) {
        private static Limits from(Settings settings) {
            return new Limits(
                    settings.integer("MAX_CONNECTIONS", 50_000, 1, 10_000_000),
                    settings.integer("MAX_UPGRADES", 1_000, 1, 100_000),
                    settings.integer("MAX_MESSAGE_BYTES", 64 * MIB, KIB, 512 * MIB),
                    settings.integer("MAX_BACKLOG_BYTES", 16 * MIB, 64 * KIB, 1024 * MIB),
                    settings.integer("MAX_IN_FLIGHT_BYTES", MIB, KIB, 1024 * MIB));
        }
    }

    /**
     * @param keepAlive a client that got no data for this long gets an empty awareness message ({@code KEEP_ALIVE}, default 20 s; stock
     *     clients give up after 30 s)
     * @param peerTimeout a client that sent nothing, not even a pong, for this long is gone ({@code PEER_TIMEOUT}, default 60 s)
     * @param http how long a client may take to send a whole request ({@code HTTP_TIMEOUT}, default 10 s)
     * @param closeDelay how long a close is held back that the client would answer by the same again ({@code CLOSE_DELAY}, default 3 s)
     * @param closeSpread over what time the closes of many connections are spread ({@code CLOSE_SPREAD}, default 2 s)
     * @param shutdown how long a stop may take, once it has begun to close connections ({@code SHUTDOWN_TIMEOUT}, default 10 s)
     * @param drainDelay how long before that its health says that it stops ({@code DRAIN_DELAY}, default 0)
     */
    record Times(
            Duration keepAlive,
            Duration peerTimeout,
            Duration http,
            Duration closeDelay,
            Duration closeSpread,
            Duration shutdown,
            Duration drainDelay) {
        /** Over what time connections are closed when the server stops: the last ones need some of the time for it, too. */
        Duration drainSpread() {
            Duration most = shutdown.multipliedBy(3).dividedBy(4);
            return closeSpread.compareTo(most) < 0 ? closeSpread : most;
        }

        private static Times from(Settings settings) {
            return new Times(
                    settings.millis("KEEP_ALIVE", Duration.ofSeconds(20), Duration.ofMillis(50)),
                    settings.millis("PEER_TIMEOUT", Duration.ofSeconds(60), Duration.ofMillis(200)),
                    settings.millis("HTTP_TIMEOUT", Duration.ofSeconds(10), Duration.ofMillis(100)),
                    settings.millis("CLOSE_DELAY", Duration.ofSeconds(3), Duration.ZERO),
                    settings.millis("CLOSE_SPREAD", Duration.ofSeconds(2), Duration.ZERO),
                    settings.millis("SHUTDOWN_TIMEOUT", Duration.ofSeconds(10), Duration.ofMillis(100)),
                    settings.millis("DRAIN_DELAY", Duration.ZERO, Duration.ZERO));
        }
    }

    /**
     * @param fanOut what happens in a room less than so long after the last time is gathered, and leaves together ({@code FAN_OUT_INTERVAL},
     *     default 20 ms; 0: everything leaves at once)
     * @param presence the same for presence in rooms with many connections; in smaller ones it is 2 ms for each ({@code
     *     PRESENCE_INTERVAL}, default 100 ms)
     */
    record Rates(Duration fanOut, Duration presence) {
        private static final long PRESENCE_NANOS_A_CONNECTION = 2_000_000;

        private static Rates from(Settings settings) {
            return new Rates(
                    settings.millis("FAN_OUT_INTERVAL", Duration.ofMillis(20), Duration.ZERO),
                    settings.millis("PRESENCE_INTERVAL", Duration.ofMillis(100), Duration.ZERO));
        }

        long fanOutNanos() {
            return fanOut.toNanos();
        }

        /** For states, in a room with so many connections. Few people want to see each other move, and cost little. */
        long presenceNanos(int connections) {
            return Math.min(presence.toNanos(), connections * PRESENCE_NANOS_A_CONNECTION);
        }

        /** For saying that somebody left: no longer than for an update. */
        long departureNanos(int connections) {
            return Math.min(presenceNanos(connections), fanOutNanos());
        }
    }

    /**
     * @param memoryPercent upgrades are refused while more of the heap (after a collection) or of the memory for buffers is in use ({@code
     *     MAX_MEMORY_PERCENT}, default 90)
     * @param lag the same while the event loops are later than that ({@code MAX_LAG}, default 1 s)
     */
    record Shedding(int memoryPercent, Duration lag) {
        private static Shedding from(Settings settings) {
            return new Shedding(
                    settings.integer("MAX_MEMORY_PERCENT", 90, 10, 100),
                    settings.millis("MAX_LAG", Duration.ofSeconds(1), Duration.ofMillis(10)));
        }

        double memoryShare() {
            return memoryPercent / 100.0;
        }
    }

    /**
     * @param transport how sockets are waited for ({@code TRANSPORT}, default {@code auto})
     * @param reusePort whether other processes may listen on the same port, and the kernel deals connections out among them ({@code
     *     REUSE_PORT}, default false)
     * @param compression whether permessage-deflate is agreed to with clients that offer it ({@code COMPRESSION}, default true)
     */
    record Listening(Transport transport, boolean reusePort, boolean compression) {
        private static Listening from(Settings settings) {
            return new Listening(
                    settings.<Transport>value("TRANSPORT", "auto, io_uring, epoll or nio", Transport::named)
                            .orElseGet(Transport::best),
                    settings.flag("REUSE_PORT", false),
                    settings.flag("COMPRESSION", true));
        }
    }

    /**
     * @param memoryBytes what documents may take that are being sent to those who join, all rooms together ({@code JOIN_MEMORY_BYTES}, default
     *     a quarter of the heap)
     * @param cacheBytes what is remembered of stored versions, so that they need not be loaded for clients that have them ({@code
     *     JOIN_CACHE_BYTES}, default a 32nd of the heap)
     * @param timeout how long a join may wait for memory, and how long its answer may be under way ({@code JOIN_TIMEOUT}, default 120 s)
     */
    record Joins(long memoryBytes, long cacheBytes, Duration timeout) {
        private static final long LEAST_MEMORY = 8 * MIB;

        private static Joins from(Settings settings) {
            long heap = Runtime.getRuntime().maxMemory();
            return new Joins(
                    bytes(settings, "JOIN_MEMORY_BYTES", LEAST_MEMORY, "a quarter of the heap", heap / 4),
                    bytes(settings, "JOIN_CACHE_BYTES", 0, "a 32nd of the heap", heap / 32),
                    settings.millis("JOIN_TIMEOUT", Duration.ofMinutes(2), Duration.ofMillis(100)));
        }

        private static long bytes(Settings settings, String name, long least, String defaultText, long defaultBytes) {
            return settings.<Long>value(
                            name,
                            "a whole number of bytes, at least " + least + " (default: " + defaultText + ")",
                            text -> atLeast(least, Long.parseLong(text)))
                    .orElse(Math.max(least, defaultBytes));
        }

        private static long atLeast(long least, long bytes) {
            if (bytes < least) {
                throw new IllegalArgumentException("too small");
            }
            return bytes;
        }
    }
}
