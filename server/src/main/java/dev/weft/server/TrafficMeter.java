package dev.weft.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/** Counts the bytes that come, and tells the {@link Connection} that its peer lives even while a long message is still arriving. */
final class TrafficMeter extends ChannelInboundHandlerAdapter {
    private final ServerMetrics metrics;
    private @Nullable Connection connection;

    TrafficMeter(ServerMetrics metrics) {
        this.metrics = metrics;
    }

    void attach(Connection opened) {
        connection = opened;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            metrics.bytesReceived(bytes.readableBytes());
        }
        if (connection != null) {
            connection.heard();
        }
        ctx.fireChannelRead(message);
    }
}
