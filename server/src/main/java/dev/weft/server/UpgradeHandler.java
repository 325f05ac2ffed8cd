package dev.weft.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Decides upgrade requests: verifies the token, asks for the permission, opens the room, and only then answers 101. Whatever goes wrong
 * before that is an HTTP status, after which stock clients wait longer each time; a WebSocket that is opened and closed again would make
 * them come back at once. The socket is not read meanwhile. One request a connection.
 */
final class UpgradeHandler extends ChannelInboundHandlerAdapter {
    private static final String VERSION = "13";
    private static final int KEY_CHARS = 24;
    private static final long OPEN_SECONDS = 10;

    private final Reception reception;
    private final Node node;
    private final Reading reading;
    private @Nullable FullHttpRequest request;
    private boolean holdsPermit;

    UpgradeHandler(Reception reception, Reading reading) {
        this.reception = reception;
        this.node = reception.node();
        this.reading = reading;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof FullHttpRequest upgrade) || request != null) {
            // A second request behind the one that is being decided.
            ReferenceCountUtil.release(message);
            return;
        }
        request = upgrade;
        reading.pause(PauseReason.UPGRADE);
        ctx.pipeline().remove(RequestDeadline.class);
        try {
            checkHandshake(upgrade);
            reception.admission().check();
            UpgradeRequest asked = UpgradeRequest.of(upgrade.uri(), upgrade.headers());
            if (!reception.permits().tryAcquire()) {
                throw new Refusal(Refusal.Kind.OVERLOADED, "too many clients connect at this moment");
            }
            holdsPermit = true;
            reception
                    .gatekeeper()
                    .admit(ctx.channel().eventLoop(), asked)
                    .whenComplete((visitor, failure) -> onLoop(ctx, () -> admitted(ctx, asked, visitor, failure)));
        } catch (Refusal refusal) {
            refuse(ctx, refusal);
        }
    }

    private static void checkHandshake(FullHttpRequest upgrade) throws Refusal {
        String key = upgrade.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        if (!upgrade.method().equals(HttpMethod.GET) || key == null || key.length() != KEY_CHARS) {
            throw new Refusal(Refusal.Kind.BAD_REQUEST, "not a WebSocket handshake (RFC 6455)");
        }
        if (!VERSION.equals(upgrade.headers().get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            throw new Refusal(
                    Refusal.Kind.WEBSOCKET_VERSION, "only version 13 of the WebSocket protocol is spoken here");
        }
    }

    private void admitted(
            ChannelHandlerContext ctx, UpgradeRequest asked, @Nullable Visitor visitor, @Nullable Throwable failure) {
        if (visitor == null) {
            refuse(ctx, refusal(failure));
        } else {
            Room small = reception.movesConnections()
                    ? reception.rooms().toMoveTo(visitor.room(), ctx.channel().eventLoop())
                    : null;
            if (small == null) {
                enter(ctx, visitor, asked.subprotocol());
            } else {
                move(ctx, small, visitor, asked.subprotocol());
            }
        }
    }

    /** To the event loop that is a room's home. Nothing is read or written meanwhile. */
    private void move(ChannelHandlerContext ctx, Room room, Visitor visitor, @Nullable String subprotocol) {
        Channel channel = ctx.channel();
        channel.deregister().addListener(left -> {
            if (!left.isSuccess()) {
                Sockets.close(channel);
                lost(room);
                return;
            }
            // A channel that cannot be registered is closed by Netty.
            room.home().register(channel).addListener(arrived -> {
                if (arrived.isSuccess()) {
                    onLoop(ctx, () -> {
                        try {
                            enter(ctx, visitor, subprotocol);
                        } finally {
                            reception.rooms().arrived(room);
                        }
                    });
                } else {
                    lost(room);
                }
            });
        });
    }

    private void lost(Room room) {
        reception.rooms().arrived(room);
        finish();
    }

    private Refusal refusal(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof Refusal refusal) {
            return refusal;
        }
        if (cause instanceof TimeoutException) {
            return new Refusal(Refusal.Kind.REDIS_UNAVAILABLE, "the room cannot be opened now");
        }
        node.log().warn("an upgrade could not be decided", String.valueOf(failure));
        return new Refusal(Refusal.Kind.PERMISSION_UNKNOWN, "internal error");
    }

    private static void onLoop(ChannelHandlerContext ctx, Runnable task) {
        try {
            if (ctx.executor().inEventLoop()) {
                task.run();
            } else {
                ctx.executor().execute(task);
            }
        } catch (RejectedExecutionException e) {
            // The server has stopped, and with it this connection.
        } catch (RuntimeException e) {
            // A stage would swallow it.
            ctx.fireExceptionCaught(e);
        }
    }

    private void enter(ChannelHandlerContext ctx, Visitor visitor, @Nullable String subprotocol) {
        Channel channel = ctx.channel();
        if (!channel.isActive()) {
            finish();
            return;
        }
        Room room = reception.rooms().enter(visitor.room(), channel.eventLoop());
        Connection connection = new Connection(node, channel, visitor, reading, room, isCompressed());
        room.add(connection);
        channel.closeFuture().addListener(closed -> connection.gone());
        CompletableFuture<Room> limited = room.ready().toCompletableFuture().copy();
        // A timer of the loop's own: that of the futures is another thread, which each connection would wake.
        ScheduledFuture<?> timeout = ctx.executor()
                .schedule(
                        () -> limited.completeExceptionally(new TimeoutException("neither Redis nor storage answers")),
                        OPEN_SECONDS,
                        TimeUnit.SECONDS);
        CompletionStage<Room> ready = limited;
        ready.whenComplete((subscribed, error) -> onLoop(ctx, () -> {
            timeout.cancel(false);
            subscribed(ctx, connection, subprotocol, error);
        }));
    }

    private boolean isCompressed() {
        return reception.compression() && request != null && PerMessageDeflate.isOffered(request.headers());
    }

    private void subscribed(
            ChannelHandlerContext ctx, Connection connection, @Nullable String subprotocol, @Nullable Throwable error) {
        if (!ctx.channel().isActive()) {
            finish();
        } else if (node.connections().isStopping()) {
            refuse(ctx, new Refusal(Refusal.Kind.STOPPING, "this server is stopping"));
        } else if (error != null) {
            refuse(ctx, refusal(error));
        } else if (connection.isClosing()) {
            refuse(ctx, new Refusal(Refusal.Kind.REDIS_UNAVAILABLE, "the room cannot be opened now"));
        } else {
            handshake(ctx, connection, subprotocol);
        }
    }

    private void handshake(ChannelHandlerContext ctx, Connection connection, @Nullable String subprotocol) {
        FullHttpRequest upgrade = request;
        if (upgrade == null) {
            return;
        }
        WebSocketDecoderConfig config = WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(node.limits().messageBytes())
                .expectMaskedFrames(true)
                .allowExtensions(connection.isCompressed())
                // Violations are closed by ConnectionHandler, after a while.
                .closeOnProtocolViolation(false)
                .withUTF8Validator(false)
                .build();
        WebSocketServerHandshaker handshaker = new WebSocketServerHandshaker13(upgrade.uri(), subprotocol, config);
        HttpHeaders more = connection.isCompressed()
                ? new DefaultHttpHeaders().set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, PerMessageDeflate.AGREED)
                : EmptyHttpHeaders.INSTANCE;
        handshaker
                .handshake(ctx.channel(), upgrade, more, ctx.channel().newPromise())
                .addListener(shaken -> {
                    finish();
                    if (shaken.isSuccess()) {
                        ServerPipeline.becomeWebSocket(ctx.channel(), connection, node);
                        connection.opened(Objects.requireNonNull(
                                reception.heartbeats().get(ctx.channel().eventLoop())));
                        reading.resume(PauseReason.UPGRADE);
                        if (node.connections().isStopping()) {
                            connection.close(CloseReason.SERVICE_RESTART, "the server stops");
                        }
                    } else {
                        Sockets.close(ctx);
                    }
                });
    }

    private void refuse(ChannelHandlerContext ctx, Refusal refusal) {
        node.metrics().refused(refusal.kind());
        node.log().warn("upgrade refused, " + refusal.kind(), refusal.reason());
        finish();
        FullHttpResponse response = HttpAnswers.refusal(ctx, refusal);
        if (refusal.kind() == Refusal.Kind.WEBSOCKET_VERSION) {
            response.headers().set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION);
        }
        HttpAnswers.sendAndClose(ctx, response);
    }

    private void finish() {
        if (request != null) {
            request.release();
            request = null;
        }
        if (holdsPermit) {
            holdsPermit = false;
            reception.permits().release();
        }
    }
}
