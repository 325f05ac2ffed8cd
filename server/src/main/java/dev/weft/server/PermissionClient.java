package dev.weft.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.room.RoomName;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
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
 * a browser that come back together. Thread-safe; never blocks.
 */
final class PermissionClient {
    static final int MAX_ANSWER_BYTES = 64 << 10;

    private final URI callback;
    private final Duration timeout;
    private final CallbackConnections connections;
    private final ObjectMapper mapper = new ObjectMapper();
    private final OccasionalLog log;
    private final ConcurrentMap<Question, CompletableFuture<Access>> underWay = new ConcurrentHashMap<>();

    private record Question(RoomName room, String user) {}

    /** @param callback whose connections these are */
    PermissionClient(URI callback, Duration timeout, CallbackConnections connections, OccasionalLog log) {
        this.callback = callback;
        this.timeout = timeout;
        this.log = log;
        this.connections = connections;
    }

    /**
     * Asks on this loop, or waits for an answer that is under way on another.
     *
     * @return completes with a {@link Refusal} if the user may not come in
     */
    CompletionStage<Access> access(EventLoop loop, RoomName room, String user) {
        Question question = new Question(room, user);
        CompletableFuture<Access> own = new CompletableFuture<>();
        CompletableFuture<Access> others = underWay.putIfAbsent(question, own);
        if (others != null) {
            return others;
        }
        ask(loop, question).whenComplete((answer, failure) -> {
            underWay.remove(question, own);
            try {
                own.complete(failure == null ? access(answer, room, user) : none(failure));
            } catch (Refusal | RuntimeException e) {
                own.completeExceptionally(e);
            }
        });
        return own;
    }

    private CompletionStage<CallbackConnections.Answer> ask(EventLoop loop, Question question) {
        try {
            URI address = CallbackClient.address(callback, question.room.value(), question.user);
            String query = address.getRawQuery();
            String target = query == null ? address.getRawPath() : address.getRawPath() + "?" + query;
            return connections.get(loop, target, "application/json");
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Access none(Throwable failure) throws Refusal {
        if (failure instanceof TimeoutException) {
            throw unknown("the permission callback does not answer in time", timeout.toMillis() + " ms");
        }
        throw unknown("the permission callback does not answer", String.valueOf(failure.getMessage()));
    }

    private Access access(CallbackConnections.Answer answer, RoomName room, String user) throws Refusal {
        int status = answer.status();
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

    private Refusal unknown(String cause, String detail) {
        log.warn(cause, detail);
        return new Refusal(Refusal.Kind.PERMISSION_UNKNOWN, "permissions cannot be asked for now");
    }
}
