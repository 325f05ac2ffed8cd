package dev.weft.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.StandardSocketOptions;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How sockets are waited for.
 *
 * @param name for the log
 * @param clientSocket the kind of sockets to elsewhere that event loops of this transport serve
 * @param reusePort lets several processes listen on one port
 */
record Transport(
        String name,
        Class<? extends ServerChannel> serverChannel,
        Class<? extends Channel> clientSocket,
        IoHandlerFactory handlers,
        ChannelOption<Boolean> reusePort) {

    /** What serves best: epoll where its native library loads, else NIO. */
    static Transport best() {
        return Epoll.isAvailable() ? epoll() : nio();
    }

    /** @throws IllegalArgumentException if there is none of that name, or this machine does not have it */
    static Transport named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "auto" -> best();
            case "io_uring" -> {
                requireAvailable(IoUring.unavailabilityCause());
                yield ioUring();
            }
            case "epoll" -> {
                requireAvailable(Epoll.unavailabilityCause());
                yield epoll();
            }
            case "nio" -> nio();
            default -> throw new IllegalArgumentException("there is no such transport");
        };
    }

    private static Transport ioUring() {
        return new Transport(
                "io_uring",
                IoUringServerSocketChannel.class,
                IoUringSocketChannel.class,
                IoUringIoHandler.newFactory(),
                UnixChannelOption.SO_REUSEPORT);
    }

    private static Transport epoll() {
        return new Transport(
                "epoll",
                EpollServerSocketChannel.class,
                EpollSocketChannel.class,
                EpollIoHandler.newFactory(),
                UnixChannelOption.SO_REUSEPORT);
    }

    private static Transport nio() {
        return new Transport(
                "nio",
                NioServerSocketChannel.class,
                NioSocketChannel.class,
                NioIoHandler.newFactory(),
                NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT));
    }

    private static void requireAvailable(@Nullable Throwable unavailable) {
        if (unavailable != null) {
            throw new IllegalArgumentException("this machine does not have it: " + unavailable);
        }
    }

    MultiThreadIoEventLoopGroup group(String threads, int count) {
        return new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory(threads), handlers);
    }
}
