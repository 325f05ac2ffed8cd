package dev.weft.worker;

import dev.weft.room.MemoryBudget;
import dev.weft.room.RoomName;
import dev.weft.room.RoomSettings;
import dev.weft.room.Rooms;
import dev.weft.room.WorkQueue;
import dev.weft.settings.Settings;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.DocumentStorages;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker: stores rooms' edits and lets Redis forget them. Any number of them may share one Redis; each takes what is due. It keeps no
 * state of its own: it may be killed at any moment, and others do what it had begun.
 */
public final class WeftWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WeftWorker.class);
    private static final Duration WEBHOOK_PAUSE = Duration.ofSeconds(1);

    /** So small a part of the memory is for webhooks. */
    private static final int WEBHOOK_PART = 4;

    private final CompactionLoop loop;
    private final Duration shutdownTimeout;
    private final @Nullable StatusServer status;
    private final Deque<AutoCloseable> opened;
    private final AtomicBoolean closed = new AtomicBoolean();

    private WeftWorker(
            RoomSettings room,
            WorkerSettings settings,
            Rooms rooms,
            DocumentStorage storage,
            Deque<AutoCloseable> opened) {
        this.opened = opened;
        shutdownTimeout = settings.shutdownTimeout();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        WorkerMetrics metrics = new WorkerMetrics(registry);
        FunctionCounter.builder("weft.malformed.entries", rooms, Rooms::malformedEntries)
                .register(registry);
        WorkQueue queue = opening(opened, rooms.workQueue("weft-" + UUID.randomUUID()));
        // A webhook must not keep a compaction waiting, so it has memory of its own.
        long forWebhooks = settings.webhook().isPresent() ? settings.memory() / WEBHOOK_PART : 0;
        MemoryBudget memory = new MemoryBudget(settings.memory() - forWebhooks);
        metrics.memory(memory);
        Optional<Webhook> webhook = settings.webhook()
                .map(to -> opening(
                        opened,
                        new Webhook(
                                to,
                                new WebhookDocuments(rooms, queue, storage, new MemoryBudget(forWebhooks), to.format()),
                                WEBHOOK_PAUSE,
                                metrics)));
        Compaction compaction = new Compaction(
                rooms,
                queue,
                storage,
                new CompactionOptions(
                        settings.garbage(),
                        settings.versions(),
                        new Patience(room.minMessageLifetime().dividedBy(2), room.taskDebounce())),
                memory,
                new Compaction.Observer() {
                    @Override
                    public void changed(RoomName changed) {
                        webhook.ifPresent(hook -> hook.changed(changed));
                    }

                    @Override
                    public void stored(long bytes, int merged, long documentBytes) {
                        metrics.stored(bytes, merged, documentBytes);
                    }
                });
        loop = new CompactionLoop(
                queue,
                rooms.quarantine(),
                compaction,
                metrics,
                room.taskDebounce(),
                settings.concurrency(),
                settings.quarantineAfter());
        OptionalInt port = settings.metricsPort();
        status = port.isEmpty()
                ? null
                : opening(
                        opened,
                        new StatusServer(
                                port.getAsInt(), () -> rooms.isHealthy() && loop.isHealthy(), registry::scrape));
        loop.start();
        LOG.info(
                "ready: compacting {} at once, {} ms after an edit{}",
                settings.concurrency(),
                room.taskDebounce().toMillis(),
                status == null ? "" : ", metrics on port " + status.port());
    }

    /**
     * Connects to Redis and storage, and begins.
     *
     * @throws dev.weft.settings.InvalidSettingException if a setting is missing or bad, or the port for metrics is taken
     * @throws dev.weft.room.RedisUnavailableException if Redis does not answer
     * @throws dev.weft.storage.StorageException if the storage does not answer
     */
    public static WeftWorker start(Settings settings) {
        return start(RoomSettings.from(settings), WorkerSettings.from(settings), () -> DocumentStorages.open(settings));
    }

    /** As {@link #start(Settings)}, with another way to a storage; it is closed with the worker. */
    static WeftWorker start(RoomSettings room, WorkerSettings settings, Supplier<DocumentStorage> storage) {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            Rooms rooms = opening(opened, Rooms.connect(room));
            return new WeftWorker(room, settings, rooms, opening(opened, storage.get()), opened);
        } catch (RuntimeException e) {
            closeAll(opened);
            throw e;
        }
    }

    /** The port of metrics and health; empty if they are not served. */
    public OptionalInt statusPort() {
        return status == null ? OptionalInt.empty() : OptionalInt.of(status.port());
    }

    /** Takes no more tasks, waits for running ones within a limit, and closes all. What did not end is done by other workers. Idempotent. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            loop.close(shutdownTimeout);
            closeAll(opened);
        }
    }

    private static <T extends AutoCloseable> T opening(Deque<AutoCloseable> opened, T next) {
        opened.push(next);
        return next;
    }

    private static void closeAll(Deque<AutoCloseable> opened) {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) { // AutoCloseable declares it
                LOG.warn("not closed cleanly", e);
            }
        }
    }
}
