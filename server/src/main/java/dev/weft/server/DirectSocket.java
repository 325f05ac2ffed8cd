package dev.weft.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Gives a socket bytes past the channel's queue. What goes to hundreds of connections at once is mostly taken whole and at once, and the queue
 * costs more than anything else in a delivery but the system call. Confined to the channel's event loop.
 */
final class DirectSocket {
    private final Channel channel;
    /** Null where there is only the usual way. */
    private final @Nullable Socket socket;

    DirectSocket(Channel channel) {
        this.channel = channel;
        socket = channel instanceof EpollSocketChannel epoll && epoll.fd() instanceof Socket found ? found : null;
    }

    /**
     * How many bytes the socket has taken: from none to all. The rest has to go the usual way, which also finds out what is wrong if none were
     * taken.
     *
     * @param bytes not changed
     */
    int send(ByteBuf bytes) {
        if (socket == null || !bytes.hasMemoryAddress()) {
            return 0;
        }
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        if (queue == null || queue.totalPendingWriteBytes() > 0) {
            return 0;
        }
        try {
            return socket.sendAddress(bytes.memoryAddress(), bytes.readerIndex(), bytes.writerIndex());
        } catch (IOException e) {
            return 0;
        }
    }
}
