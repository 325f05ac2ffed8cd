package dev.weft.server;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** Makes and sends answers to plain HTTP requests. */
final class HttpAnswers {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final int RETRY_MIN_SECONDS = 1;
    private static final int RETRY_MAX_SECONDS = 5;

    private HttpAnswers() {}

    static FullHttpResponse of(ChannelHandlerContext ctx, HttpResponseStatus status, String contentType, String body) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                status,
                ByteBufUtil.encodeString(ctx.alloc(), CharBuffer.wrap(body), StandardCharsets.UTF_8));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        return response;
    }

    static FullHttpResponse text(ChannelHandlerContext ctx, HttpResponseStatus status, String line) {
        return of(ctx, status, TEXT, line + "\n");
    }

    static FullHttpResponse refusal(ChannelHandlerContext ctx, Refusal refusal) {
        FullHttpResponse response = text(ctx, refusal.kind().status(), refusal.reason());
        if (refusal.kind().retryable()) {
            // Not the same for all, or they would come back in one moment.
            response.headers()
                    .setInt(
                            HttpHeaderNames.RETRY_AFTER,
                            ThreadLocalRandom.current().nextInt(RETRY_MIN_SECONDS, RETRY_MAX_SECONDS + 1));
        }
        if (refusal.kind().status().equals(HttpResponseStatus.UNAUTHORIZED)) {
            response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
        }
        return response;
    }

    /** Sends the answer and keeps the connection for another request. */
    static void send(ChannelHandlerContext ctx, FullHttpResponse response) {
        Sockets.write(ctx, response);
    }

    static void sendAndClose(ChannelHandlerContext ctx, FullHttpResponse response) {
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }
}
