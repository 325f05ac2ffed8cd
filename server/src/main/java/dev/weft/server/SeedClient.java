package dev.weft.server;

import dev.weft.room.RoomName;
import dev.weft.room.SeedSource;
import dev.weft.yjs.MalformedException;
import dev.weft.yjs.Updates;
import dev.weft.yjs.UpdatesV2;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Asks the integrator's backend for the first content of a room that nobody has written to: {@code GET <YDOC_SEED_CALLBACK>/<room>}, answered
 * with 200 and an update, in encoding V1, or V2 if the answer has the header {@code Yjs-Update-Encoding: v2}; or with 204 or 404 if the room
 * begins empty. Whatever else it answers is a fault: the visitors are asked to come back, because a room that they found empty would never
 * be seeded. Thread-safe; blocks.
 */
final class SeedClient implements SeedSource, AutoCloseable {
    static final String ENCODING = "Yjs-Update-Encoding";

    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int NOT_FOUND = 404;

    private final URI callback;
    private final Duration timeout;
    private final ExecutorService threads;
    private final CallbackClient client;
    private final OccasionalLog log;

    /** The backend gave no usable answer. */
    static final class NoSeedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoSeedException(String message) {
            super(message, null, false, false);
        }
    }

    SeedClient(URI callback, Duration timeout, int maxBytes, OccasionalLog log) {
        this.callback = callback;
        this.timeout = timeout;
        this.log = log;
        threads = Executors.newVirtualThreadPerTaskExecutor();
        client = new CallbackClient(timeout, maxBytes, threads);
    }

    Duration timeout() {
        return timeout;
    }

    @Override
    public Optional<byte[]> seed(RoomName room) {
        HttpResponse<byte[]> answer;
        try {
            answer = client.get(CallbackClient.address(callback, room.value()), "application/octet-stream");
        } catch (IOException e) {
            throw fault("the seed callback does not answer", e.getMessage());
        } catch (TimeoutException e) {
            throw fault("the seed callback does not answer in time", timeout.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoSeedException("the server stops");
        }
        int status = answer.statusCode();
        if (status == NO_CONTENT || status == NOT_FOUND) {
            return Optional.empty();
        }
        if (status != OK) {
            throw fault("the seed callback answers with an error", "status " + status);
        }
        String encoding = answer.headers().firstValue(ENCODING).orElse("v1");
        try {
            byte[] update = switch (encoding) {
                case "v1" -> checked(answer.body(), UnaryOperator.identity());
                case "v2" -> checked(answer.body(), UpdatesV2::toV1);
                default -> throw fault("the seed callback answers in an unknown encoding", ENCODING + ": " + encoding);
            };
            // Nothing at all is no content: the room would seem written to.
            return Updates.hasNoStructs(update) ? Optional.empty() : Optional.of(update);
        } catch (MalformedException e) {
            throw fault(
                    "the seed callback does not answer with an update in encoding " + encoding,
                    "room " + room.value() + ": " + e.getMessage());
        }
    }

    private static byte[] checked(byte[] body, UnaryOperator<byte[]> toV1) {
        byte[] update = toV1.apply(body);
        Updates.check(update);
        return update;
    }

    private NoSeedException fault(String cause, @Nullable String detail) {
        log.warn(cause, String.valueOf(detail));
        return new NoSeedException(cause);
    }

    @Override
    public void close() {
        client.close();
        threads.shutdown();
    }
}
