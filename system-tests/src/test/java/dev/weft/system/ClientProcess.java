package dev.weft.system;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.testing.NodeProcess;
import dev.weft.testing.NodeProject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A Node.js process with any number of stock clients in it ({@code js/client.mjs}). It answers one request after the other; any thread may
 * ask.
 */
final class ClientProcess implements AutoCloseable {
    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(1);
    private static final Duration REPLAY_LIMIT = Duration.ofMinutes(3);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Executor THREADS =
            task -> Thread.ofVirtual().name("request to clients").start(task);

    private final NodeProcess process;
    // Held from a request to its answer; fair, so that nobody waits for ever.
    private final ReentrantLock asking = new ReentrantLock(true);

    private ClientProcess(NodeProcess process) {
        this.process = process;
    }

    /** Starts one; skips the test where there is no Node.js. */
    static ClientProcess start() {
        return new ClientProcess(NodeProject.in(Checkout.NODE_CLIENTS).start("client.mjs"));
    }

    /** A new client, which begins to connect. */
    StockClient open(String name, Dial dial) {
        ObjectNode request = JSON.valueToTree(dial);
        ask(request.put("op", "open").put("client", name), ANSWER_LIMIT);
        return new StockClient(this, name);
    }

    /** What the providers wrote to the console. */
    List<String> warnings() {
        return ask(JSON.createObjectNode().put("op", "warnings"), ANSWER_LIMIT)
                .valueStream()
                .map(JsonNode::asText)
                .toList();
    }

    JsonNode call(String client, String op, Map<String, ?> arguments) {
        return ask(request(client, op, arguments), ANSWER_LIMIT);
    }

    CompletableFuture<JsonNode> callAsync(String client, String op, Map<String, ?> arguments) {
        return CompletableFuture.supplyAsync(() -> ask(request(client, op, arguments), REPLAY_LIMIT), THREADS);
    }

    <T> T read(String client, String op, Class<T> type) {
        try {
            return JSON.treeToValue(call(client, op, Map.of()), type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not a " + type.getSimpleName(), e);
        }
    }

    /** Ends it on the spot: nothing that its clients hold reaches a server any more. */
    void sigkill() {
        ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
        ProcessHandle.of(process.pid()).ifPresent(handle -> handle.onExit().join());
    }

    @Override
    public void close() {
        process.close();
    }

    private static ObjectNode request(String client, String op, Map<String, ?> arguments) {
        ObjectNode request = JSON.valueToTree(arguments);
        return request.put("op", op).put("client", client);
    }

    private JsonNode ask(ObjectNode request, Duration limit) {
        asking.lock();
        try {
            process.send(JSON.writeValueAsString(request));
            JsonNode reply = JSON.readTree(process.readLine(limit));
            if (reply.has("error")) {
                throw new AssertionError("client process: " + reply.get("error").asText());
            }
            return reply.get("ok");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the client process answered with something else than JSON", e);
        } finally {
            asking.unlock();
        }
    }
}
