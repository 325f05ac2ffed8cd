package dev.weft.room;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting for Redis on threads that may block. */
final class Replies {
    private Replies() {}

    /** The reply, waited for; throws {@link RedisUnavailableException} if it does not come in time or is an error. */
    static <T> T await(CompletionStage<T> reply, Duration limit) {
        try {
            return reply.toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw unavailable(e);
        } catch (TimeoutException e) {
            throw new RedisUnavailableException("Redis did not answer within " + limit.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisUnavailableException("interrupted while Redis was asked", e);
        }
    }

    /** Says that nobody waits for this: if it fails, that shows elsewhere. */
    @SuppressWarnings("unused")
    static void forget(Future<?> reply) {}

    static RedisUnavailableException unavailable(Throwable failure) {
        boolean wrapped = failure instanceof CompletionException || failure instanceof ExecutionException;
        Throwable inner = failure.getCause();
        Throwable cause = wrapped && inner != null ? inner : failure;
        return cause instanceof RedisUnavailableException unavailable
                ? unavailable
                : new RedisUnavailableException("Redis failed: " + rootMessage(cause), cause);
    }

    /** The message of the innermost cause, on one line. */
    static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null || message.isBlank()
                ? root.getClass().getSimpleName()
                : message.lines().findFirst().orElse(message);
    }
}
