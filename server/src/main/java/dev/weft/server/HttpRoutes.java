package dev.weft.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/** What this server answers to requests that open no WebSocket: {@code GET /health}, {@code GET /metrics}, and what was meant instead. */
final class HttpRoutes extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final String JSON = "application/json";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Node node;

    HttpRoutes(Node node) {
        this.node = node;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (request.decoderResult().isFailure()) {
            HttpAnswers.sendAndClose(
                    ctx, unreadable(ctx, request.decoderResult().cause()));
        } else if (request.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)) {
            ctx.fireChannelRead(request.retain());
        } else if (!request.method().equals(HttpMethod.GET)) {
            FullHttpResponse response = HttpAnswers.text(
                    ctx,
                    HttpResponseStatus.METHOD_NOT_ALLOWED,
                    "only GET here; documents are edited through WebSockets");
            response.headers().set(HttpHeaderNames.ALLOW, HttpMethod.GET.name());
            HttpAnswers.sendAndClose(ctx, response);
        } else {
            answer(ctx, request);
        }
    }

    private void answer(ChannelHandlerContext ctx, FullHttpRequest request) {
        String target = request.uri();
        int query = target.indexOf('?');
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        switch (query < 0 ? target : target.substring(0, query)) {
            case "/health" -> send(ctx, health(ctx), keepAlive);
            // Some milliseconds of work: not on the event loop.
            case "/metrics" ->
                node.blocking().execute(() -> {
                    String page = node.metrics().scrape();
                    ctx.executor()
                            .execute(() ->
                                    send(ctx, HttpAnswers.of(ctx, HttpResponseStatus.OK, PROMETHEUS, page), keepAlive));
                });
            case "/" ->
                send(
                        ctx,
                        HttpAnswers.text(
                                ctx,
                                HttpResponseStatus.NOT_FOUND,
                                "this is a Weft server: open a WebSocket at /<room>?yauth=<token>, or see /health and /metrics"),
                        keepAlive);
            default -> {
                FullHttpResponse response = HttpAnswers.text(
                        ctx,
                        HttpResponseStatus.UPGRADE_REQUIRED,
                        "a room is opened with a WebSocket, as y-websocket does");
                response.headers().set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
                HttpAnswers.sendAndClose(ctx, response);
            }
        }
    }

    private static void send(ChannelHandlerContext ctx, FullHttpResponse response, boolean keepAlive) {
        if (keepAlive) {
            HttpAnswers.send(ctx, response);
        } else {
            HttpAnswers.sendAndClose(ctx, response);
        }
    }

    private FullHttpResponse health(ChannelHandlerContext ctx) {
        boolean redis = node.backend().isHealthy();
        boolean healthy = redis && !node.connections().isAboutToStop();
        String body = "{\"status\":\"" + (healthy ? "ok" : "unavailable") + "\",\"redis\":\""
                + (redis ? "ok" : "unavailable") + "\",\"connections\":"
                + node.connections().size() + ",\"rooms\":" + node.metrics().rooms() + "}\n";
        return HttpAnswers.of(
                ctx, healthy ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE, JSON, body);
    }

    private static FullHttpResponse unreadable(ChannelHandlerContext ctx, Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException line ->
                HttpAnswers.text(ctx, HttpResponseStatus.REQUEST_URI_TOO_LONG, "the address is too long");
            case TooLongHttpHeaderException header ->
                HttpAnswers.text(
                        ctx, HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the request's headers are too long");
            default -> HttpAnswers.text(ctx, HttpResponseStatus.BAD_REQUEST, "this is not an HTTP request");
        };
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // Whatever it is, it is an ill-behaved or vanished client's; there is no state yet that could suffer.
        Sockets.close(ctx);
    }
}
