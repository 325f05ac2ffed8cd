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
import io.lettuce.core.resource.SocketAddressResolver;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Opens connections to the Redis of the settings. A connection that is lost stays lost: Lettuce would connect again and send once more what
 * was under way, to whatever Redis it then finds, and nobody could tell that it is another. {@link Keeper} replaces lost ones instead.
 */
final class RedisConnector implements AutoCloseable {
    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    /** Commands sent and not yet answered, on one connection; past it they are refused. Callers stop long before, so that none is. */
    private static final int COMMANDS_IN_FLIGHT = 1 << 18;

    private final RedisURI uri;
    /** Every look wakes an idle process; Netty's own default is 100 ms. */
    private static final long LONGEST_TICK_MILLIS = 500;

    private final Duration timeout;
    private final HashedWheelTimer timer;
    private final ClientResources resources;
    private final RedisClient client;

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
        client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder()
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
    }

    /** Blocks; throws {@link RedisUnavailableException}. */
    StatefulRedisConnection<String, byte[]> connect() {
        return connecting(() -> client.connect(CODEC, uri));
    }

    /** Blocks; throws {@link RedisUnavailableException}. */
    StatefulRedisPubSubConnection<String, byte[]> connectPubSub() {
        return connecting(() -> client.connectPubSub(CODEC, uri));
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
