package dev.weft.server;

import io.netty.channel.ChannelOutboundInvoker;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;

/** Things done to sockets whose outcome nobody waits for. */
// A write or close fails because the socket is going, and its going is heard of through closeFuture; a task that is not
// run any more belonged to a loop that has stopped.
@SuppressWarnings("FutureReturnValueIgnored")
final class Sockets {
    private Sockets() {}

    /** @param message released by Netty, also when the write fails */
    static void write(ChannelOutboundInvoker socket, Object message) {
        socket.writeAndFlush(message);
    }

    /** As {@link #write}, without a flush. */
    static void enqueue(ChannelOutboundInvoker socket, Object message) {
        socket.write(message, socket.voidPromise());
    }

    static void close(ChannelOutboundInvoker socket) {
        socket.close();
    }

    static void later(EventExecutor loop, long millis, Runnable task) {
        loop.schedule(task, millis, TimeUnit.MILLISECONDS);
    }
}
