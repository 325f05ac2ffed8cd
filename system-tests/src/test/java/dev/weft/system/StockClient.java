package dev.weft.system;

import static dev.weft.system.Patience.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** One user in a {@link ClientProcess}: a Yjs document and an untouched y-websocket provider. */
final class StockClient {
    private final ClientProcess process;
    private final String name;

    StockClient(ClientProcess process, String name) {
        this.process = process;
        this.name = name;
    }

    /**
     * What a client knows of itself.
     *
     * @param clientId Yjs's client id of its document
     * @param statuses the provider's status events: connecting, connected, disconnected
     * @param opens connections that came to be
     * @param closes connections that ended, refused ones included
     * @param errors the sockets' errors, such as an upgrade that was refused
     * @param protocol the sub-protocol that the server accepted last
     * @param updatesKept how many updates {@link #received} has
     * @param written how many times it wrote since {@link #startWriting}
     * @param acknowledged how far the server is known to have its own clock, without a gap
     * @param pending whether the document waits for predecessors of something
     */
    record State(
            long clientId,
            boolean synced,
            boolean connected,
            List<String> statuses,
            int opens,
            List<Close> closes,
            List<String> errors,
            String protocol,
            long framesIn,
            long framesOut,
            int updatesKept,
            int written,
            long acknowledged,
            List<AwarenessEvent> awarenessEvents,
            int textLength,
            boolean pending) {}

    /** A connection's end. */
    record Close(int code, String reason) {}

    /** A change of who is there. */
    record AwarenessEvent(List<Long> added, List<Long> updated, List<Long> removed, boolean remote) {}

    State state() {
        return process.read(name, "state", State.class);
    }

    long clientId() {
        return state().clientId();
    }

    StockClient awaitSynced() {
        await(name + " is synced").until(() -> state().synced());
        return this;
    }

    String text() {
        return call("text").asText();
    }

    /** A hash of the document's contents as its user sees them, and of its state vector. */
    String digest() {
        return call("digest").asText();
    }

    void insert(int at, String text) {
        call("insert", Map.of("at", at, "text", text));
    }

    void delete(int at, int length) {
        call("delete", Map.of("at", at, "length", length));
    }

    /** Goes online, as an application's button does. */
    void connect() {
        call("connect");
    }

    /** Goes offline, as an application's button does. */
    void disconnect() {
        call("disconnect");
    }

    /** Sends it to another server at its next connection (y-websocket 2 and 3). */
    void moveTo(String url) {
        call("moveTo", Map.of("url", url));
    }

    /** States of those who are there, by client id. */
    JsonNode awareness() {
        return call("awareness");
    }

    void setAwareness(Map<String, ?> state) {
        call("setAwareness", Map.of("state", state));
    }

    /** Is no longer there, for the others, though it stays connected; it stops renewing its state. */
    void leaveAwareness() {
        call("leaveAwareness");
    }

    /** How far its own clock has come. */
    long ownClocks() {
        return call("ownClocks").asLong();
    }

    void awaitAcknowledged() {
        await(name + " has all its edits back").until(() -> state().acknowledged() >= ownClocks());
    }

    /** Every update that the server sent so far, echoes of its own included, in Base64: Redis had taken each of them. */
    List<String> received() {
        return call("received").valueStream().map(JsonNode::asText).toList();
    }

    /** Those updates that its document does not wholly hold: what they say, in words. */
    List<String> lost(List<String> updates) {
        return call("lost", Map.of("updates", updates))
                .valueStream()
                .map(JsonNode::asText)
                .toList();
    }

    /** Writes into text, map and list until told to stop. */
    void startWriting(String prefix, int everyMillis) {
        call("startWriting", Map.of("prefix", prefix, "everyMillis", everyMillis));
    }

    void stopWriting() {
        call("stopWriting");
    }

    /** Types a sequential trace; completes when the last edit was handed to the socket. The process answers nothing else meanwhile. */
    CompletableFuture<JsonNode> replay(String trace) {
        return process.callAsync(name, "replay", Map.of("path", Traces.path(trace)));
    }

    /** Plays one agent of a concurrent trace; completes when its last edit was made. The process answers nothing else meanwhile. */
    CompletableFuture<JsonNode> replayAgent(String trace, int agent) {
        return process.callAsync(name, "replayAgent", Map.of("path", Traces.path(trace), "agent", agent));
    }

    /** Closes its connection for good and forgets its document. */
    void close() {
        call("close");
    }

    private JsonNode call(String op) {
        return call(op, Map.of());
    }

    private JsonNode call(String op, Map<String, ?> arguments) {
        return process.call(name, op, arguments);
    }

    @Override
    public String toString() {
        return name;
    }
}
