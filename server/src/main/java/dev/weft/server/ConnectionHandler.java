package dev.weft.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;

/** The end of the pipeline: hands whole messages and what happens to the socket to the {@link Connection}. */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {
    private final Connection connection;
    private final Node node;

    ConnectionHandler(Connection connection, Node node) {
        this.connection = connection;
        this.node = node;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof CloseWebSocketFrame close) {
            connection.peerCloses(close);
        } else if (connection.isClosing()) {
            ReferenceCountUtil.release(message instanceof MessageAssembler.Deflated late ? late.content() : message);
        } else if (message instanceof ByteBuf buffer) {
            connection.receive(bytes(buffer), false);
        } else if (message instanceof MessageAssembler.Deflated deflated) {
            connection.receive(bytes(deflated.content()), true);
        } else if (message instanceof PingWebSocketFrame ping) {
            pong(ctx, ping);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        connection.writabilityChanged();
    }

    private static byte[] bytes(ByteBuf buffer) {
        try {
            return ByteBufUtil.getBytes(buffer);
        } finally {
            buffer.release();
        }
    }

    private static void pong(ChannelHandlerContext ctx, PingWebSocketFrame ping) {
        // A client that pings and does not read gets no more pongs than fit.
        if (ctx.channel().isWritable()) {
            Sockets.write(ctx, new PongWebSocketFrame(ping.content()));
        } else {
            ping.release();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        switch (cause) {
            case Violation violation ->
                connection.violation(violation.reason(), String.valueOf(violation.getMessage()));
            case CorruptedWebSocketFrameException corrupted ->
                connection.violation(
                        corrupted.closeStatus().code() == WebSocketCloseStatus.MESSAGE_TOO_BIG.code()
                                ? CloseReason.TOO_LARGE
                                : CloseReason.MALFORMED,
                        String.valueOf(corrupted.getMessage()));
            // The peer is gone without a word.
            case IOException gone -> Sockets.close(ctx);
            default -> {
                node.log().warn("a fault in a connection", String.valueOf(cause));
                connection.close(CloseReason.INTERNAL_ERROR, "see the server's log");
            }
        }
    }
}
