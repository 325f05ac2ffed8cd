package dev.weft.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.room.RoomName;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;

/**
 * Asks the integrator's backend what a user may do in a room: {@code GET <AUTH_PERM_CALLBACK>/<room>/<userid>}, each percent-encoded as one
 * segment, answered with {@code {"yroom": …, "yaccess": "rw" | "readonly" | …, "yuserid": …}}.
 *
 * <p>A clear no (another {@code yaccess}, or status 401, 403, 404) is {@link Refusal.Kind#FORBIDDEN}. Whatever is no answer to the question
 * (another status, no JSON, another room or user, too late, too long) is {@link Refusal.Kind#PERMISSION_UNKNOWN}: nobody comes in by
 * mistake, and nobody who may come in is told that he may not.
 *
 * <p>Nothing is remembered: whoever comes is asked about. But while an answer is under way, it serves all who ask the same, such as the tabs of
 * a browser that come back together. Thread-safe; blocks.
 */
final class PermissionClient implements AutoCloseable {
    private static final long MAX_ANSWER_BYTES = 64 << 10;

    private final URI callback;
    private final Duration timeout;
    private final CallbackClient client;
    private final ObjectMapper mapper = new ObjectMapper();
    private final OccasionalLog log;
    private final ConcurrentMap<Question, CompletableFuture<Access>> underWay = new ConcurrentHashMap<>();

    private record Question(RoomName room, String user) {}

    PermissionClient(URI callback, Duration timeout, Executor executor, OccasionalLog log) {
        this.callback = callback;
        this.timeout = timeout;
        this.log = log;
        client = new CallbackClient(timeout, MAX_ANSWER_BYTES, executor);
    }

    Access access(RoomName room, String user) throws Refusal {
        Question question = new Question(room, user);
        CompletableFuture<Access> own = new CompletableFuture<>();
        CompletableFuture<Access> others = underWay.putIfAbsent(question, own);
        if (others != null) {
            return await(others);
        }
        try {
            own.complete(answer(room, user));
        } catch (Refusal | RuntimeException e) {
            own.completeExceptionally(e);
        } finally {
            underWay.remove(question, own);
        }
        return await(own);
    }

    private static Access await(CompletableFuture<Access> answer) throws Refusal {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(Refusal.Kind.STOPPING, "the server stops");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Refusal refusal) {
                throw refusal;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private Access answer(RoomName room, String user) throws Refusal {
        HttpResponse<byte[]> answer = ask(room, user);
        int status = answer.statusCode();
        if (status == 401 || status == 403 || status == 404) {
            throw new Refusal(Refusal.Kind.FORBIDDEN, "no access to this room");
        }
        if (status != 200) {
            throw unknown("the permission callback answers with an error", "status " + status);
        }
        JsonNode json;
        try {
            json = mapper.readTree(answer.body());
        } catch (IOException e) {
            throw unknown("the permission callback does not answer with JSON", String.valueOf(e.getMessage()));
        }
        if (!json.path("yroom").asText().equals(room.value())) {
            throw unknown("the permission callback answers for another room", "asked for " + room.value());
        }
        if (json.hasNonNull("yuserid") && !json.path("yuserid").asText().equals(user)) {
            throw unknown("the permission callback answers for another user", "asked for " + user);
        }
        return switch (json.path("yaccess").asText()) {
            case "rw" -> Access.READ_WRITE;
            case "readonly" -> Access.READ_ONLY;
            default -> throw new Refusal(Refusal.Kind.FORBIDDEN, "no access to this room");
        };
    }

    private HttpResponse<byte[]> ask(RoomName room, String user) throws Refusal {
        try {
            return client.get(CallbackClient.address(callback, room.value(), user), "application/json");
        } catch (TimeoutException e) {
            throw unknown("the permission callback does not answer in time", timeout.toMillis() + " ms");
        } catch (IOException e) {
            throw unknown("the permission callback does not answer", String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(Refusal.Kind.STOPPING, "the server stops");
        }
    }

    private Refusal unknown(String cause, String detail) {
        log.warn(cause, detail);
        return new Refusal(Refusal.Kind.PERMISSION_UNKNOWN, "permissions cannot be asked for now");
    }

    @Override
    public void close() {
        client.close();
    }
}
