package dev.weft.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.jspecify.annotations.Nullable;

/**
 * Turns WebSocket frames into whole messages, each a {@link ByteBuf} that the next handler owns; control frames pass. Fragments are copied
 * together, since a list of them would cost a hundred times its bytes if each had one.
 */
final class MessageAssembler extends ChannelInboundHandlerAdapter {
    private static final int NOT_DEFLATED = 0;
    private static final int DEFLATED = 4;

    private final int maxBytes;

    /** What came of a message that is not complete; owned by this handler. */
    private @Nullable ByteBuf partial;

    private boolean partialIsDeflated;

    /** A message that is compressed (RFC 7692); the next handler owns its content. */
    record Deflated(ByteBuf content) {}

    MessageAssembler(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof TextWebSocketFrame text) {
            text.release();
            ctx.fireExceptionCaught(new Violation(CloseReason.MALFORMED, "a text frame; all messages are binary"));
        } else if (message instanceof WebSocketFrame frame && !mayHaveBits(frame)) {
            frame.release();
            ctx.fireExceptionCaught(new Violation(CloseReason.MALFORMED, "a frame with reserved bits"));
        } else if (message instanceof BinaryWebSocketFrame whole && whole.isFinalFragment()) {
            fire(ctx, whole.content(), whole.rsv() == DEFLATED);
        } else if (message instanceof BinaryWebSocketFrame || message instanceof ContinuationWebSocketFrame) {
            append(ctx, (WebSocketFrame) message);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    /** The first frame of a message says whether it is compressed. Where that was not agreed on, the decoder before this one let no bit pass. */
    private static boolean mayHaveBits(WebSocketFrame frame) {
        return frame.rsv() == NOT_DEFLATED || (frame.rsv() == DEFLATED && frame instanceof BinaryWebSocketFrame);
    }

    private static void fire(ChannelHandlerContext ctx, ByteBuf message, boolean deflated) {
        ctx.fireChannelRead(deflated ? new Deflated(message) : message);
    }

    /** The decoder before this handler has seen to it that fragments come in a sequence that makes sense. */
    private void append(ChannelHandlerContext ctx, WebSocketFrame frame) {
        try {
            if (frame instanceof BinaryWebSocketFrame) {
                partialIsDeflated = frame.rsv() == DEFLATED;
            }
            ByteBuf buffer = partial == null ? ctx.alloc().buffer() : partial;
            partial = buffer;
            if (buffer.readableBytes() + (long) frame.content().readableBytes() > maxBytes) {
                drop();
                ctx.fireExceptionCaught(new Violation(
                        CloseReason.TOO_LARGE, "a message of more than MAX_MESSAGE_BYTES = " + maxBytes + " bytes"));
                return;
            }
            buffer.writeBytes(frame.content());
            if (frame.isFinalFragment()) {
                partial = null;
                fire(ctx, buffer, partialIsDeflated);
            }
        } finally {
            frame.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        drop();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        drop();
    }

    private void drop() {
        if (partial != null) {
            partial.release();
            partial = null;
        }
    }
}
