package dev.weft.server;

import static org.awaitility.Awaitility.await;

import dev.weft.yjs.AwarenessState;
import dev.weft.yjs.Contents;
import dev.weft.yjs.Message;
import dev.weft.yjs.StateVector;
import dev.weft.yjs.Updates;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A raw WebSocket client that writes down what it gets. */
final class TestClient implements WebSocket.Listener, AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(20);

    // One for all tests: each has threads of its own.
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final List<byte[]> frames = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private volatile boolean reading = true;
    private volatile int closeCode = -1;
    private volatile @Nullable WebSocket socket;

    private TestClient() {}

    static TestClient connect(int port, String path, String token) {
        return open(port, path + "?yauth=" + token, List.of());
    }

    static TestClient connectBySubprotocol(int port, String path, String token) {
        return open(port, path, List.of("yauth-" + token));
    }

    /** The status that answers an upgrade which must be refused. */
    static int refused(int port, String target) {
        try (TestClient client = open(port, target, List.of())) {
            throw new AssertionError("was let in: " + target + client.subprotocol());
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                return refused.getResponse().statusCode();
            }
            throw e;
        }
    }

    private static TestClient open(int port, String target, List<String> subprotocols) {
        TestClient client = new TestClient();
        WebSocket.Builder builder = HTTP.newWebSocketBuilder().connectTimeout(LIMIT);
        if (!subprotocols.isEmpty()) {
            builder.subprotocols(
                    subprotocols.get(0),
                    subprotocols.subList(1, subprotocols.size()).toArray(new String[0]));
        }
        client.socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + port + target), client)
                .join();
        return client;
    }

    String subprotocol() {
        return socket().getSubprotocol();
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        partial.writeBytes(bytes);
        if (last) {
            frames.add(partial.toByteArray());
            partial.reset();
        }
        if (reading) {
            webSocket.request(1);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        closeCode = statusCode;
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closeCode = 1006;
    }

    /** From the next message on. */
    void stopReading() {
        reading = false;
    }

    void readOn() {
        reading = true;
        socket().request(1);
    }

    synchronized void send(byte[] frame) {
        socket().sendBinary(ByteBuffer.wrap(frame), true).join();
    }

    synchronized void sendFragments(byte[] frame, int size) {
        for (int i = 0; i < frame.length; i += size) {
            int length = Math.min(size, frame.length - i);
            socket().sendBinary(ByteBuffer.wrap(frame, i, length), i + length == frame.length)
                    .join();
        }
    }

    void send(Message message) {
        send(message.encode());
    }

    void sendText(String text) {
        socket().sendText(text, true).join();
    }

    void update(byte[] update) {
        send(new Message.Update(update));
    }

    /** Sends a sync step 1 and waits for its answer. */
    TestClient join(StateVector have) {
        int answers = count(TestClient::isStep2);
        send(new Message.SyncStep1(have));
        await().atMost(LIMIT).until(() -> count(TestClient::isStep2) > answers);
        return this;
    }

    TestClient join() {
        return join(StateVector.empty());
    }

    void announce(long client, long clock, String json) {
        send(new Message.Awareness(List.of(new AwarenessState(client, clock, json.getBytes(StandardCharsets.UTF_8)))));
    }

    List<byte[]> frames() {
        return frames;
    }

    List<Message> messages() {
        return frames.stream().map(Message::decode).toList();
    }

    int count(Predicate<byte[]> frame) {
        return (int) frames.stream().filter(frame).count();
    }

    /** All awareness states that came, in their order, as {@code client@clock:json}; keep-alive frames hold none. */
    List<String> presence() {
        List<String> states = new ArrayList<>();
        for (Message message : messages()) {
            if (message instanceof Message.Awareness awareness) {
                for (AwarenessState state : awareness.states()) {
                    states.add(state.client() + "@" + state.clock() + ":"
                            + new String(state.json(), StandardCharsets.UTF_8));
                }
            }
        }
        return states;
    }

    /** The document as far as this client has it, merged of all that came. */
    byte[] document() {
        List<byte[]> updates = new ArrayList<>();
        updates.add(Updates.empty());
        for (Message message : messages()) {
            if (message instanceof Message.SyncStep2 step) {
                updates.add(step.update());
            } else if (message instanceof Message.Update update) {
                updates.add(update.update());
            }
        }
        return Updates.merge(updates);
    }

    boolean has(byte[] update) {
        return Contents.of(document()).covers(update);
    }

    void awaitHas(byte[] update) {
        await().atMost(LIMIT).until(() -> has(update));
    }

    int closeCode() {
        return closeCode;
    }

    boolean isClosed() {
        return closeCode >= 0;
    }

    void awaitClosed() {
        await().atMost(LIMIT).until(this::isClosed);
    }

    static boolean isStep1(byte[] frame) {
        return frame[0] == 0 && frame[1] == 0;
    }

    static boolean isStep2(byte[] frame) {
        return frame[0] == 0 && frame[1] == 1;
    }

    static boolean isUpdate(byte[] frame) {
        return frame[0] == 0 && frame[1] == 2;
    }

    private WebSocket socket() {
        WebSocket open = socket;
        if (open == null) {
            throw new IllegalStateException("not open");
        }
        return open;
    }

    /** Says goodbye, as a client does that is disconnected. */
    void leave() {
        socket().sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    }

    @Override
    public void close() {
        WebSocket open = socket;
        if (open != null) {
            open.abort();
        }
    }
}
