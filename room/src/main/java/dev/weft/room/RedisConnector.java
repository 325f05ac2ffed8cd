package dev.weft.room;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.lettuce.core.resource.SocketAddressResolver;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to the Redis of the settings. A connection that is lost stays lost: Lettuce would connect again and send once more what
 * was under way, to whatever Redis it then finds, and nobody could tell that it is another. {@link Keeper} replaces lost ones instead.
 */
final class RedisConnector implements AutoCloseable {
    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    /** Commands sent and not yet answered, on one connection; past it they are refused. Callers stop long before, so that none is. */
    private static final int COMMANDS_IN_FLIGHT = 1 << 18;

    /** Every look wakes an idle process; Netty's own default is 100 ms. */
    private static final long LONGEST_TICK_MILLIS = 1_000;

    private static final int COMMANDS_A_FLUSH = 256;

    private final RedisURI uri;
    private final Duration timeout;
    private final HashedWheelTimer timer;
    private final ClientResources resources;
    private final RedisClient client;
    private final List<RedisClient> clientsOnLoops = new ArrayList<>();

    RedisConnector(RedisURI uri, Duration timeout) {
        this.uri = RedisURI.builder(uri).withTimeout(timeout).build();
        this.timeout = timeout;
        // A command that has had its time fails at most a tenth of it later.
        timer = new HashedWheelTimer(
                new DefaultThreadFactory("lettuce-timer", true),
                Math.clamp(timeout.toMillis() / 10, 1, LONGEST_TICK_MILLIS),
                TimeUnit.MILLISECONDS);
        // Java remembers an address for half a minute at most. Netty's resolver, the default, goes by what the DNS
        // server allows, and Docker's allows ten minutes: so long a Redis that came back elsewhere would not be found.
        resources = ClientResources.builder()
                .socketAddressResolver(SocketAddressResolver.create(InetAddress::getAllByName))
                .timer(timer)
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .build();
        client = client(resources);
    }

    private RedisClient client(ClientResources using) {
        RedisClient made = RedisClient.create(using);
        made.setOptions(ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(COMMANDS_IN_FLIGHT)
                .protocolVersion(ProtocolVersion.RESP3)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .timeoutOptions(TimeoutOptions.enabled(timeout))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(timeout)
                        .keepAlive(true)
                        .build())
                .build());
        return made;
    }

    /** Blocks; throws {@link RedisUnavailableException}. */
    StatefulRedisConnection<String, byte[]> connect() {
        return connecting(() -> client.connect(CODEC, uri));
    }

    /**
     * Opens connections for publications and commands, on this loop or, if it is null, on threads of the client. What the supplier does blocks, and
     * throws {@link RedisUnavailableException}; not to be called on the loop.
     */
    Supplier<StatefulRedisPubSubConnection<String, byte[]>> pubSub(@Nullable EventLoop loop) {
        RedisClient opening = client;
        if (loop != null) {
            opening = client(resources
                    .mutate()
                    .eventLoopGroupProvider(new SingleLoop(loop))
                    .nettyCustomizer(new Consolidated())
                    .build());
            clientsOnLoops.add(opening);
        }
        RedisClient opener = opening;
        return () -> connecting(() -> opener.connectPubSub(CODEC, uri));
    }

    /** What the loop's sockets bring in one turn of the loop goes to Redis in one write. */
    private static final class Consolidated implements NettyCustomizer {
        @Override
        public void afterChannelInitialized(Channel channel) {
            channel.pipeline().addFirst(new FlushConsolidationHandler(COMMANDS_A_FLUSH, true));
        }
    }

    /** Runs {@code work} a little later, on a thread of the client. */
    void later(Duration pause, Runnable work) {
        Replies.forget(resources.eventExecutorGroup().schedule(work, pause.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Host and port, never the password. */
    String address() {
        if (!uri.getSentinels().isEmpty()) {
            return "sentinel " + uri.getSentinelMasterId();
        }
        return uri.getSocket() != null ? uri.getSocket() : uri.getHost() + ":" + uri.getPort();
    }

    @Override
    public void close() {
        clientsOnLoops.forEach(onLoop -> onLoop.shutdown(0, timeout.toMillis(), TimeUnit.MILLISECONDS));
        client.shutdown(0, timeout.toMillis(), TimeUnit.MILLISECONDS);
        resources.shutdown(0, timeout.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly(timeout.toMillis());
        timer.stop();
    }

    private <T> T connecting(Supplier<T> connection) {
        try {
            return connection.get();
        } catch (RuntimeException e) {
            throw new RedisUnavailableException(
                    "Redis at " + address() + " does not answer: " + Replies.rootMessage(e), e);
        }
    }
}
