package dev.weft.chaos;

import dev.weft.yjs.MalformedException;
import dev.weft.yjs.Message;
import dev.weft.yjs.YDoc;
import dev.weft.yjs.YText;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Somebody with a document, who behaves as a stock client does: says what it has when it connects, sends what the server lacks, writes on while
 * it is offline, and connects again after a pause. For one thread, which calls {@link #live} often.
 */
final class Client {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration SYNC_LIMIT = Duration.ofSeconds(15);
    private static final int LONGEST_TEXT = 400;

    /** One connection; its callbacks run on threads of the HTTP client. */
    private static final class Link implements WebSocket.Listener {
        final Queue<byte[]> frames = new ConcurrentLinkedQueue<>();
        final long since = System.nanoTime();
        final ByteArrayOutputStream partial = new ByteArrayOutputStream();
        volatile @Nullable WebSocket socket;
        volatile boolean ended;
        /** The end of all that was sent so far. */
        CompletableFuture<WebSocket> sent = new CompletableFuture<>();

        @Override
        public void onOpen(WebSocket open) {
            socket = open;
            open.request(1);
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            partial.writeBytes(bytes);
            if (last) {
                frames.add(partial.toByteArray());
                partial.reset();
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            ended = true;
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            ended = true;
        }
    }

    private final HttpClient http;
    private final Supplier<URI> door;
    private final Promise promise;
    private final YDoc doc = new YDoc();
    private final YText text = doc.getText("text");
    private final List<byte[]> changes = new ArrayList<>();
    private @Nullable Link link;
    private boolean greeted;
    private boolean synced;
    private int connects;
    private int written;
    private long comeBackAt = System.nanoTime();

    /**
     * @param door gives the address to connect to, perhaps another one each time
     * @param promise hears all updates that come from the server
     */
    Client(HttpClient http, Supplier<URI> door, Promise promise) {
        this.http = http;
        this.door = door;
        this.promise = promise;
        doc.onUpdate(event -> {
            if (event.origin() != this) {
                changes.add(event.update());
            }
        });
    }

    /** Reads what came, sends what was written, connects if it is not connected and the pause is over. Does not block. */
    void live() {
        Link now = link;
        if (now == null) {
            if (System.nanoTime() - comeBackAt >= 0) {
                connect();
            }
            return;
        }
        if (now.ended || (!synced && System.nanoTime() - now.since > SYNC_LIMIT.toNanos())) {
            leave();
            return;
        }
        if (now.socket == null) {
            return;
        }
        if (!greeted) {
            greeted = true;
            send(now, new Message.SyncStep1(doc.stateVector()));
        }
        for (byte[] frame = now.frames.poll(); frame != null; frame = now.frames.poll()) {
            receive(now, frame);
        }
        if (greeted) {
            changes.forEach(change -> send(now, new Message.Update(change)));
            changes.clear();
        }
    }

    /** Types, or deletes what somebody typed. */
    void edit(Random random) {
        int length = text.length();
        if (length > LONGEST_TEXT || (length > 10 && random.nextInt(4) == 0)) {
            int from = random.nextInt(length - 5);
            text.delete(from, 1 + random.nextInt(5));
        } else {
            text.insert(random.nextInt(length + 1), Integer.toString(random.nextInt(1000), 36));
        }
        written++;
    }

    /** Breaks the connection; comes back after a pause. */
    void leave() {
        Link old = link;
        link = null;
        greeted = false;
        synced = false;
        changes.clear(); // The next greeting brings them.
        comeBackAt = System.nanoTime() + PAUSE.toNanos();
        if (old != null) {
            old.ended = true;
            WebSocket socket = old.socket;
            if (socket != null) {
                socket.abort();
            }
        }
    }

    boolean isSynced() {
        return synced;
    }

    /** All that it has, as one update. */
    byte[] document() {
        return doc.encodeStateAsUpdate();
    }

    int connects() {
        return connects;
    }

    int written() {
        return written;
    }

    private void connect() {
        Link next = new Link();
        link = next;
        connects++;
        CompletableFuture<WebSocket> connecting =
                http.newWebSocketBuilder().connectTimeout(CONNECT_LIMIT).buildAsync(door.get(), next);
        next.sent = connecting.whenComplete((socket, failure) -> {
            if (failure != null) {
                next.ended = true;
            } else if (next.ended) {
                socket.abort();
            }
        });
    }

    private void receive(Link from, byte[] frame) {
        Message message;
        try {
            message = Message.decode(frame);
        } catch (MalformedException e) {
            throw new IllegalStateException("a server sent a malformed message", e);
        }
        switch (message) {
            case Message.SyncStep1 step1 ->
                send(from, new Message.SyncStep2(doc.encodeStateAsUpdate(step1.stateVector())));
            case Message.SyncStep2 step2 -> {
                take(step2.update());
                synced = true;
            }
            case Message.Update update -> take(update.update());
            case Message.Awareness ignored -> {}
            case Message.QueryAwareness ignored -> {}
            case Message.PermissionDenied denied -> throw new IllegalStateException("refused: " + denied.reason());
        }
    }

    private void take(byte[] update) {
        promise.add(update);
        doc.applyUpdate(update, this);
    }

    private static void send(Link to, Message message) {
        // One after the other: the JDK's client refuses to send two at one time.
        to.sent = to.sent
                .thenCompose(socket -> socket.sendBinary(ByteBuffer.wrap(message.encode()), true))
                .whenComplete((socket, failure) -> {
                    if (failure != null) {
                        to.ended = true;
                    }
                });
    }
}
