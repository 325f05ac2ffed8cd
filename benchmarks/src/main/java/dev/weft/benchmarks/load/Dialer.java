package dev.weft.benchmarks.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Connects clients. Who sends has an event loop apart from those who receive, so that times of sending do not wait for receivers. */
final class Dialer implements AutoCloseable {
    private static final int CONNECT_MILLIS = 30_000;
    private static final long SYNC_SECONDS = 300;

    private final Target target;
    private final MultiThreadIoEventLoopGroup group;
    private final Class<? extends Channel> channels;
    private final EventLoop senders;
    private final List<Lane> lanes = new ArrayList<>();

    /** @param receivers event loops for receivers */
    Dialer(Target target, int receivers) {
        this.target = target;
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        channels = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
        group = new MultiThreadIoEventLoopGroup(1 + receivers, new DefaultThreadFactory("load", true), handlers);
        senders = group.next();
        for (int i = 0; i < receivers; i++) {
            lanes.add(new Lane(group.next()));
        }
    }

    Target target() {
        return target;
    }

    EventLoop senders() {
        return senders;
    }

    /** The lane of a receiver. */
    Lane lane(int number) {
        return lanes.get(number % lanes.size());
    }

    /** Updates or states that have arrived, anywhere. */
    long delivered() {
        return lanes.stream().mapToLong(Lane::delivered).sum();
    }

    /** All latencies together. Waits for the lanes. */
    Histogram latencies() {
        Histogram all = new Histogram(TimeUnit.MINUTES.toNanos(2), 3);
        for (Lane lane : lanes) {
            lane.loop().submit(() -> all.add(lane.latencies())).syncUninterruptibly();
        }
        return all;
    }

    /** Enters a room. The future ends when the client is synchronised, and fails if it is refused or takes five minutes. */
    CompletableFuture<RoomClient> join(EventLoop loop, String room, Greeting greeting, RoomListener listener) {
        CompletableFuture<RoomClient> joined = new CompletableFuture<>();
        new Bootstrap()
                .group(loop)
                .channel(channels)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        RoomClient client = new RoomClient(channel, target, room, greeting, listener);
                        String host = target.url().getHost() + ":" + target.port();
                        String path = target.protocol().path(target.url(), room, target.token());
                        channel.pipeline().addLast(new Upgrade(host, path, client));
                        client.addTo(channel);
                        client.passOn(joined);
                    }
                })
                .connect(target.url().getHost(), target.port())
                .addListener(connecting -> {
                    if (!connecting.isSuccess()) {
                        joined.completeExceptionally(new LoadException("no connection to " + target.url() + ": "
                                + connecting.cause().getMessage()));
                    }
                });
        return joined.orTimeout(SYNC_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
