package dev.weft.server;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.pool.ChannelPool;
import io.netty.channel.pool.ChannelPoolHandler;
import io.netty.channel.pool.SimpleChannelPool;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Asks one backend of the integrator's, by HTTP/1.1 over connections that are kept, within limits on time and on the answer's length. Follows no
 * redirects. Each event loop has its own connections: who asks on a loop hears the answer on it, so that no thread has to wake another. There
 * are as many connections as there were questions at one time; those that nobody needs for half a minute are closed. Thread-safe; never blocks.
 */
// What becomes of a write or a close is heard of when the connection goes; giving one back cannot fail.
@SuppressWarnings("FutureReturnValueIgnored")
final class CallbackConnections implements AutoCloseable {
    private static final int UNUSED_SECONDS = 30;

    private final URI origin;
    private final String host;
    private final Duration timeout;
    private final int maxAnswerBytes;
    private final Executor blocking;
    private final @Nullable SslContext tls;
    private final Map<EventLoop, ChannelPool> pools = new HashMap<>();

    /** @param body owned by the caller */
    record Answer(int status, byte[] body) {}

    /**
     * Connects to nobody yet.
     *
     * @param origin http or https; its path does not matter
     * @param loops those on which {@link #get} will be called, with the kind of sockets that they serve
     * @param blocking for looking up names, and for a TLS handshake's long steps
     */
    CallbackConnections(
            URI origin,
            Duration timeout,
            int maxAnswerBytes,
            Iterable<EventLoop> loops,
            Class<? extends Channel> sockets,
            Executor blocking) {
        this.origin = origin;
        this.timeout = timeout;
        this.maxAnswerBytes = maxAnswerBytes;
        this.blocking = blocking;
        boolean secure = "https".equalsIgnoreCase(origin.getScheme());
        tls = secure ? trusted() : null;
        int port = origin.getPort() >= 0 ? origin.getPort() : secure ? 443 : 80;
        host = origin.getPort() >= 0 ? origin.getHost() + ":" + port : origin.getHost();
        Bootstrap bootstrap = new Bootstrap()
                .channel(sockets)
                .resolver(new BlockingResolver(blocking))
                .remoteAddress(InetSocketAddress.createUnresolved(origin.getHost(), port))
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE));
        loops.forEach(loop -> pools.put(loop, new SimpleChannelPool(bootstrap.clone(loop), new Made(port))));
    }

    private static SslContext trusted() {
        try {
            return SslContextBuilder.forClient().build();
        } catch (SSLException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    /**
     * Any answer, whatever its status.
     *
     * @param target path and query, percent-encoded
     * @return completes on the loop; with {@link IOException} if there is no answer, or it is too long; with {@link TimeoutException} if it is not
     *     complete in time
     */
    CompletionStage<Answer> get(EventLoop loop, String target, String accept) {
        ChannelPool pool = pools.get(loop);
        if (pool == null) {
            throw new IllegalArgumentException("not one of the loops");
        }
        Question question = new Question(pool, target, accept);
        Future<?> timer =
                loop.schedule(() -> question.fail(new TimeoutException()), timeout.toMillis(), TimeUnit.MILLISECONDS);
        question.answer.whenComplete((answer, failure) -> timer.cancel(false));
        ask(question);
        return question.answer;
    }

    private void ask(Question question) {
        question.pool.acquire().addListener((Future<Channel> acquired) -> {
            if (!acquired.isSuccess()) {
                question.fail(new IOException(String.valueOf(acquired.cause()), acquired.cause()));
                return;
            }
            Channel channel = acquired.getNow();
            if (question.answer.isDone()) {
                question.giveBack(channel);
                return;
            }
            channel.pipeline().get(Exchange.class).begin(question, channel);
        });
    }

    private FullHttpRequest request(Question question) {
        FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, question.target);
        request.headers()
                .set(HttpHeaderNames.HOST, host)
                .set(HttpHeaderNames.ACCEPT, question.accept)
                .set(HttpHeaderNames.USER_AGENT, "weft");
        return request;
    }

    @Override
    public void close() {
        pools.values().forEach(ChannelPool::close);
    }

    /** Confined to its loop. */
    private static final class Question {
        private final ChannelPool pool;
        private final String target;
        private final String accept;
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();
        private @Nullable Channel on;

        private Question(ChannelPool pool, String target, String accept) {
            this.pool = pool;
            this.target = target;
            this.accept = accept;
        }

        /** What comes on its connection from now on belongs to nobody. */
        private void fail(Exception reason) {
            answer.completeExceptionally(reason);
            if (on != null) {
                on.close();
            }
        }

        private void giveBack(Channel channel) {
            pool.release(channel);
        }
    }

    /** Equips connections. */
    private final class Made implements ChannelPoolHandler {
        private final int port;

        private Made(int port) {
            this.port = port;
        }

        @Override
        public void channelCreated(Channel channel) {
            ChannelPipeline pipeline = channel.pipeline();
            if (tls != null) {
                pipeline.addLast(tls.newHandler(channel.alloc(), origin.getHost(), port, blocking));
            }
            pipeline.addLast(
                    new IdleStateHandler(0, 0, UNUSED_SECONDS),
                    new HttpClientCodec(),
                    new HttpObjectAggregator(maxAnswerBytes),
                    new Exchange());
        }

        @Override
        public void channelAcquired(Channel channel) {}

        @Override
        public void channelReleased(Channel channel) {}
    }

    /** Question and answer on one connection, one at a time. */
    private final class Exchange extends SimpleChannelInboundHandler<FullHttpResponse> {
        private @Nullable Question pending;
        private boolean served;

        void begin(Question question, Channel channel) {
            pending = question;
            question.on = channel;
            channel.writeAndFlush(request(question));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
            if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                return; // The answer is still to come.
            }
            Question question = pending;
            if (question == null || response.decoderResult().isFailure()) {
                failed(
                        ctx,
                        new IOException(
                                "no valid HTTP response",
                                response.decoderResult().cause()));
                return;
            }
            pending = null;
            question.on = null;
            served = true;
            if (!HttpUtil.isKeepAlive(response)) {
                ctx.close();
            }
            question.giveBack(ctx.channel());
            question.answer.complete(new Answer(response.status().code(), ByteBufUtil.getBytes(response.content())));
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            Question question = pending;
            pending = null;
            if (question != null && served && !question.answer.isDone()) {
                // The backend closed a connection that it had kept, at the moment in which it was used again.
                question.on = null;
                ask(question);
            } else if (question != null) {
                question.fail(new IOException("the connection was closed before an answer came"));
            }
            if (question != null) {
                question.giveBack(ctx.channel());
            }
            ctx.fireChannelInactive();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof IOException) {
                ctx.close(); // Perhaps it can be asked once more.
            } else {
                failed(ctx, new IOException(String.valueOf(cause), cause));
            }
        }

        private void failed(ChannelHandlerContext ctx, IOException reason) {
            if (pending != null) {
                pending.answer.completeExceptionally(reason);
            }
            ctx.close();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof IdleStateEvent && pending == null) {
                ctx.close();
            }
            ctx.fireUserEventTriggered(event);
        }
    }
}
