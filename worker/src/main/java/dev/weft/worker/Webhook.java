package dev.weft.worker;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.weft.room.RoomName;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the integrator's backend of documents that changed, as {@link WebhookRequest} says.
 *
 * <p>It never delays a compaction. Only names of rooms wait; a document is put together when its turn comes, as it is then, with memory of its
 * own. Of one room, one document is under way at most, and if it changes meanwhile, it is sent once more. So many rooms
 * wait at most; what is too much, and what could not be sent after a few tries, is dropped and counted: the next change of the room brings
 * all of it. Each sending runs on a virtual thread. Thread-safe.
 */
final class Webhook implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
    private static final int AT_ONCE = 4;
    private static final int MAX_WAITING = 10_000;
    private static final int TRIES = 4;
    private static final Duration CLOSING = Duration.ofSeconds(3);

    private final WebhookSettings settings;
    private final WebhookDocuments documents;
    private final HttpClient http;
    private final RetryPolicy<Object> retries;
    private final Counter sent;
    private final Counter failed;
    private final Counter dropped;

    // All guarded by this.
    private final Set<RoomName> waiting = new LinkedHashSet<>();
    private final Set<RoomName> underWay = new HashSet<>();
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

    Webhook(WebhookSettings settings, WebhookDocuments documents, Duration firstPause, WorkerMetrics metrics) {
        this.settings = settings;
        this.documents = documents;
        http = HttpClient.newBuilder()
                .connectTimeout(settings.timeout())
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

    /** Has the document sent when its turn comes. Does not block. */
    void changed(RoomName room) {
        synchronized (this) {
            if (closed || (waiting.size() >= MAX_WAITING && !waiting.contains(room))) {
                dropped.increment();
                return;
            }
            waiting.add(room);
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
        List<RoomName> next = waiting.stream()
                .filter(room -> !underWay.contains(room))
                .limit(Math.max(0, AT_ONCE - underWay.size()))
                .toList();
        for (RoomName room : next) {
            waiting.remove(room);
            underWay.add(room);
            Thread.ofVirtual().name("weft-webhook").start(() -> {
                try {
                    report(room, send(room));
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
    private String send(RoomName room) {
        try {
            documents.with(room, body -> {
                WebhookRequest request = new WebhookRequest(settings, room, body);
                // Made anew for each try, because it says when it was signed.
                Failsafe.with(retries).run(() -> put(request.at(Instant.now())));
            });
            return "";
        } catch (RuntimeException | OutOfMemoryError e) {
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
                    settings.callback(),
                    room.value(),
                    failure);
        } else if (turned) {
            LOG.info("the webhook {} takes documents again", settings.callback());
        }
    }
}
