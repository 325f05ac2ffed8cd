package dev.weft.server;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** An event loop from which callbacks are asked. */
final class CallbackTester implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final MultiThreadIoEventLoopGroup group = Transport.best().group("callbacks", 1);
    private final EventLoop loop = group.next();

    CallbackConnections connections(String origin, Duration timeout, int maxAnswerBytes) {
        return new CallbackConnections(
                URI.create(origin),
                timeout,
                maxAnswerBytes,
                List.of(loop),
                Transport.best().clientSocket(),
                threads);
    }

    /** Asks on the loop. */
    <T> CompletableFuture<T> onLoop(Function<EventLoop, CompletionStage<T>> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.execute(() -> question.apply(loop).whenComplete((value, failure) -> {
            if (failure == null) {
                answer.complete(value);
            } else {
                answer.completeExceptionally(failure);
            }
        }));
        return answer;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        threads.shutdownNow();
    }
}
