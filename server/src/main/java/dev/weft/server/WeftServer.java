package dev.weft.server;

import dev.weft.room.RoomSettings;
import dev.weft.room.Rooms;
import dev.weft.settings.Settings;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.DocumentStorages;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server for y-websocket clients: any number of them may run on one Redis and one storage, and behave as one. It keeps nothing that cannot
 * be read again. Thread-safe.
 */
public final class WeftServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WeftServer.class);
    private static final int ACCEPT_BACKLOG = 1024;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final ServerSettings settings;
    private final Node node;
    private final Reception reception;
    private final ExecutorService blocking;
    private final MultiThreadIoEventLoopGroup acceptors;
    private final MultiThreadIoEventLoopGroup loops;
    private final Runnable closeBackend;
    private final InetSocketAddress address;
    private final Channel listening;
    private boolean closed;

    /** @param loops owned by this server */
    private WeftServer(
            ServerSettings settings, MultiThreadIoEventLoopGroup loops, RoomBackend backend, Runnable closeBackend) {
        this.settings = settings;
        this.loops = loops;
        this.closeBackend = closeBackend;
        blocking = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("weft-server-", 0).factory());
        ServerMetrics metrics = new ServerMetrics();
        Connections connections = new Connections(metrics.connections());
        OccasionalLog log = new OccasionalLog(LOG, System::nanoTime);
        node = new Node(
                settings.limits(),
                settings.times(),
                settings.joins(),
                settings.rates(),
                settings.shedding(),
                backend,
                new RoomReader(backend, settings.joins(), metrics),
                blocking,
                connections,
                metrics,
                log,
                System::nanoTime);

        Transport transport = settings.listening().transport();
        acceptors = transport.group("weft-accept", 1);
        Gatekeeper gatekeeper = gatekeeper(log);
        Map<EventLoop, Heartbeat> heartbeats = heartbeats();
        reception = new Reception(
                node,
                gatekeeper,
                new RoomRegistry(node),
                new Semaphore(settings.limits().upgrades()),
                new Admission(node, heartbeats.values(), metrics::heapShare, ServerMetrics::directShare),
                heartbeats,
                transport.clientSocket() == Rooms.socketType(),
                settings.listening().compression());
        metrics.loopLag(reception.admission()::lagNanos);

        InetSocketAddress wanted = new InetSocketAddress(settings.host(), settings.port());
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(acceptors, loops)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, ACCEPT_BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, Outbox.WATER_MARKS)
                .childHandler(new ServerPipeline(reception));
        if (settings.listening().reusePort()) {
            bootstrap.option(transport.reusePort(), true);
        }
        ChannelFuture bound = bootstrap.bind(wanted).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            release();
            throw new CannotListenException(wanted, bound.cause());
        }
        listening = bound.channel();
        address = (InetSocketAddress) listening.localAddress();
        LOG.info("listening on {} with {}", address, transport.name());
    }

    /**
     * Connects to Redis and storage, and listens.
     *
     * @throws dev.weft.settings.InvalidSettingException if a setting is missing or bad
     * @throws dev.weft.room.RedisUnavailableException if Redis does not answer
     * @throws dev.weft.storage.StorageException if the storage does not answer
     * @throws CannotListenException if the port is taken
     */
    public static WeftServer start(Settings settings) {
        ServerSettings server = ServerSettings.from(settings);
        RoomSettings room = RoomSettings.from(settings);
        DocumentStorage storage = DocumentStorages.open(settings);
        return start(server, room, storage, storage::close);
    }

    /** As {@link #start(Settings)}, on a storage that the caller opened and closes. */
    public static WeftServer start(Settings settings, DocumentStorage storage) {
        return start(ServerSettings.from(settings), RoomSettings.from(settings), storage, () -> {});
    }

    private static WeftServer start(
            ServerSettings settings, RoomSettings room, DocumentStorage storage, Runnable closeStorage) {
        MultiThreadIoEventLoopGroup loops = loops(settings);
        Rooms rooms;
        try {
            rooms = Rooms.connect(room, sharedWithRedis(settings, loops));
        } catch (RuntimeException e) {
            stop(loops);
            closeStorage.run();
            throw e;
        }
        RedisBackend backend = backend(settings, rooms, storage);
        return new WeftServer(settings, loops, backend, () -> {
            backend.closeSeeds();
            rooms.close();
            closeStorage.run();
        });
    }

    static WeftServer start(Settings settings, RoomBackend backend) {
        ServerSettings server = ServerSettings.from(settings);
        return new WeftServer(server, loops(server), backend, () -> {});
    }

    private static MultiThreadIoEventLoopGroup loops(ServerSettings settings) {
        return settings.listening()
                .transport()
                .group("weft-loop", Runtime.getRuntime().availableProcessors());
    }

    /** The loops that serve connections to Redis as well; none if that takes another transport. */
    private static List<EventLoop> sharedWithRedis(ServerSettings settings, MultiThreadIoEventLoopGroup loops) {
        List<EventLoop> shared = new ArrayList<>();
        if (settings.listening().transport().clientSocket() == Rooms.socketType()) {
            loops.forEach(loop -> shared.add((EventLoop) loop));
        }
        return shared;
    }

    private static void stop(MultiThreadIoEventLoopGroup loops) {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static RedisBackend backend(ServerSettings settings, Rooms rooms, DocumentStorage storage) {
        return new RedisBackend(
                rooms,
                storage,
                settings.seedCallback()
                        .map(callback -> new SeedClient(
                                callback,
                                settings.seedTimeout(),
                                settings.limits().messageBytes(),
                                new OccasionalLog(LOG, System::nanoTime))));
    }

    /** The port that it listens on. */
    public int port() {
        return address.getPort();
    }

    /** The address that it listens on. */
    public InetSocketAddress address() {
        return address;
    }

    private Gatekeeper gatekeeper(OccasionalLog log) {
        URI callback = settings.permissionCallback();
        List<EventLoop> asking = new ArrayList<>();
        loops.forEach(loop -> asking.add((EventLoop) loop));
        CallbackConnections connections = new CallbackConnections(
                callback,
                settings.permissionTimeout(),
                PermissionClient.MAX_ANSWER_BYTES,
                asking,
                settings.listening().transport().clientSocket(),
                blocking);
        return new Gatekeeper(
                new TokenVerifier(settings.publicKey(), InstantSource.system()),
                new PermissionClient(callback, settings.permissionTimeout(), connections, log),
                connections,
                blocking);
    }

    private Map<EventLoop, Heartbeat> heartbeats() {
        long shortest = Math.min(
                settings.times().keepAlive().toMillis(),
                settings.times().peerTimeout().toMillis());
        Map<EventLoop, Heartbeat> heartbeats = new HashMap<>();
        for (EventExecutor executor : loops) {
            EventLoop loop = (EventLoop) executor;
            heartbeats.put(loop, new Heartbeat(loop, node.clock(), shortest));
        }
        return heartbeats;
    }

    /**
     * Stops: says so at {@code /health} for {@code DRAIN_DELAY} and goes on as before; then accepts nobody, closes every connection with
     * 1012, one after the other over {@code CLOSE_SPREAD}, waits until Redis has answered what was under way, and gives up after {@code
     * SHUTDOWN_TIMEOUT}. Blocks. Idempotent.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        node.connections().announceStop();
        long drainFrom = System.nanoTime() + settings.times().drainDelay().toNanos();
        while (drainFrom - System.nanoTime() > 0) {
            LockSupport.parkNanos(drainFrom - System.nanoTime());
        }
        long deadline = System.nanoTime() + settings.times().shutdown().toNanos();
        node.connections().stop();
        listening.close().awaitUninterruptibly();
        node.connections().drain(settings.times().drainSpread(), "the server stops");
        while (isBusy() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(POLL_NANOS);
        }
        if (isBusy()) {
            LOG.warn(
                    "stopped with {} connections open and {} operations unanswered",
                    node.connections().size(),
                    node.connections().unsettled().get());
        }
        release();
        LOG.info("stopped");
    }

    private boolean isBusy() {
        return node.connections().size() > 0 || node.connections().unsettled().get() > 0;
    }

    private void release() {
        Future<?> accepting = acceptors.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        accepting.awaitUninterruptibly();
        // Before the loops, which may serve its connections, too.
        closeBackend.run();
        reception.gatekeeper().close();
        stop(loops);
        blocking.shutdown();
        node.metrics().close();
    }
}
