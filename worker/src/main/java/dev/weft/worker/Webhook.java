package dev.weft.worker;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.weft.room.MergePool;
import dev.weft.room.RoomName;
import dev.weft.yjs.UpdatesV2;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the integrator's backend of documents that changed: {@code PUT <callback>/<room>}, a multipart form whose field {@code ydoc} is the
 * document as an update in encoding V2, as y-redis does it.
 *
 * <p>It never delays a compaction. Of one room, one document is under way at most and the newest waits; so many rooms wait at most, and
 * bytes; what is too much, and what could not be sent after a few tries, is dropped and counted: the next change of the room brings all of
 * it. Each sending runs on a virtual thread. Thread-safe.
 */
final class Webhook implements Compaction.Changed, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
    private static final int AT_ONCE = 4;
    private static final int MAX_WAITING = 1000;
    private static final long MAX_WAITING_BYTES = 128L << 20;
    private static final int TRIES = 4;
    private static final Duration CLOSING = Duration.ofSeconds(3);

    private final URI callback;
    private final Duration timeout;
    private final MergePool pool;
    private final HttpClient http;
    private final RetryPolicy<Object> retries;
    private final Counter sent;
    private final Counter failed;
    private final Counter dropped;

    // All guarded by this.
    private final Map<RoomName, byte[]> waiting = new LinkedHashMap<>();
    private final Set<RoomName> underWay = new HashSet<>();
    private long waitingBytes;
    private boolean failing;
    private boolean closed;

    /** An answer that says no, and will say it again. */
    private static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    /** No answer, or one that may be another in a moment. */
    private static final class TryAgainException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TryAgainException(String message) {
            super(message);
        }
    }

    Webhook(URI callback, Duration timeout, Duration firstPause, MergePool pool, WorkerMetrics metrics) {
        this.callback = callback;
        this.timeout = timeout;
        this.pool = pool;
        http = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .version(HttpClient.Version.HTTP_1_1)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
        retries = RetryPolicy.builder()
                .handle(TryAgainException.class)
                .withMaxAttempts(TRIES)
                .withBackoff(firstPause, firstPause.multipliedBy(10))
                .withJitter(0.2)
                .build();
        sent = metrics.webhooks("sent");
        failed = metrics.webhooks("failed");
        dropped = metrics.webhooks("dropped");
    }

    @Override
    public void changed(RoomName room, byte[] update) {
        synchronized (this) {
            byte[] older = waiting.remove(room);
            waitingBytes -= older == null ? 0 : older.length;
            boolean tooMuch = !waiting.isEmpty()
                    && (waiting.size() >= MAX_WAITING || waitingBytes + update.length > MAX_WAITING_BYTES);
            if (closed || tooMuch) {
                dropped.increment();
                return;
            }
            waiting.put(room, update);
            waitingBytes += update.length;
        }
        startNext();
    }

    /** Sends nothing more, and waits a little for what is under way. */
    @Override
    public void close() {
        long end = System.nanoTime() + CLOSING.toNanos();
        synchronized (this) {
            closed = true;
            dropped.increment((double) waiting.size());
            waiting.clear();
            try {
                for (long left = 1; !underWay.isEmpty() && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
                    wait(left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        http.shutdownNow();
    }

    private synchronized void startNext() {
        List<RoomName> next = waiting.keySet().stream()
                .filter(room -> !underWay.contains(room))
                .limit(Math.max(0, AT_ONCE - underWay.size()))
                .toList();
        for (RoomName room : next) {
            byte[] update = Objects.requireNonNull(waiting.remove(room));
            waitingBytes -= update.length;
            underWay.add(room);
            Thread.ofVirtual().name("weft-webhook").start(() -> {
                try {
                    report(room, send(room, update));
                } finally {
                    synchronized (this) {
                        underWay.remove(room);
                        notifyAll();
                    }
                    startNext();
                }
            });
        }
    }

    /** Empty if it was sent, else why not. */
    private String send(RoomName room, byte[] update) {
        try {
            byte[] document = pool.run(() -> UpdatesV2.fromV1(update));
            HttpRequest request = request(room, document);
            Failsafe.with(retries).run(() -> put(request));
            return "";
        } catch (RuntimeException e) {
            return e.getMessage() == null ? e.toString() : e.getMessage();
        }
    }

    private void put(HttpRequest request) {
        try {
            HttpResponse<Void> response = http.send(request, HttpResponse.BodyHandlers.discarding());
            int status = response.statusCode();
            if (status >= 500 || status == 429) {
                throw new TryAgainException("it answered " + status);
            }
            if (status < 200 || status > 299) {
                throw new RefusedException("it answered " + status);
            }
        } catch (IOException e) {
            throw new TryAgainException(e.getMessage() == null ? e.toString() : e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException("interrupted");
        }
    }

    private HttpRequest request(RoomName room, byte[] document) {
        String boundary = "weft-" + UUID.randomUUID();
        String head = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"ydoc\"; filename=\"blob\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n";
        BodyPublisher body = BodyPublishers.concat(
                BodyPublishers.ofString(head),
                BodyPublishers.ofByteArray(document),
                BodyPublishers.ofString("\r\n--" + boundary + "--\r\n"));
        String segment = URLEncoder.encode(room.value(), StandardCharsets.UTF_8).replace("+", "%20");
        return HttpRequest.newBuilder(URI.create(callback + "/" + segment))
                .timeout(timeout)
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .PUT(body)
                .build();
    }

    private void report(RoomName room, String failure) {
        boolean isFailing = !failure.isEmpty();
        (isFailing ? failed : sent).increment();
        boolean turned;
        synchronized (this) {
            turned = failing != isFailing;
            failing = isFailing;
        }
        if (turned && isFailing) {
            LOG.warn(
                    "the webhook {} did not take room '{}' ({}); said once until it takes one",
                    callback,
                    room.value(),
                    failure);
        } else if (turned) {
            LOG.info("the webhook {} takes documents again", callback);
        }
    }
}
