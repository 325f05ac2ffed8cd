package dev.weft.server;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * How sockets are waited for: epoll where its native library loads, else NIO.
 *
 * @param name for the log
 */
record Transport(String name, Class<? extends ServerChannel> serverChannel, IoHandlerFactory handlers) {
    static Transport best() {
        return Epoll.isAvailable()
                ? new Transport("epoll", EpollServerSocketChannel.class, EpollIoHandler.newFactory())
                : new Transport("nio", NioServerSocketChannel.class, NioIoHandler.newFactory());
    }

    MultiThreadIoEventLoopGroup group(String threads, int count) {
        return new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory(threads), handlers);
    }
}
