package dev.weft.worker;

import dev.weft.settings.Settings;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a worker works.
 *
 * @param concurrency compactions at one time ({@code WORKER_CONCURRENCY})
 * @param memory how many bytes the documents may take that are compacted at one time ({@code WORKER_MEMORY_BYTES})
 * @param garbage which documents lose what was deleted in them ({@code YDOC_GC}, {@code YDOC_GC_EXCEPT})
 * @param versions when the versions of a large document are merged ({@code WORKER_REWRITE_AFTER})
 * @param quarantineAfter after how many failures in turn a room is set aside ({@code WORKER_QUARANTINE_AFTER})
 * @param webhook where documents that changed are sent; empty for nowhere
 * @param metricsPort where metrics and health are served ({@code METRICS_PORT}); 0 takes a free port; empty for nowhere
 * @param shutdownTimeout how long running compactions have to end when the worker stops ({@code SHUTDOWN_TIMEOUT})
 */
record WorkerSettings(
        int concurrency,
        long memory,
        GarbagePolicy garbage,
        VersionPolicy versions,
        int quarantineAfter,
        Optional<WebhookSettings> webhook,
        OptionalInt metricsPort,
        Duration shutdownTimeout) {
    private static final int OFF = -1;
    private static final long LEAST_MEMORY = 8 << 20;

    static WorkerSettings from(Settings settings) {
        int port = settings.integer("METRICS_PORT", OFF, OFF, 65535);
        return new WorkerSettings(
                settings.integer("WORKER_CONCURRENCY", 3, 1, 64),
                settings.<Long>value(
                                "WORKER_MEMORY_BYTES",
                                "a whole number of bytes, at least " + LEAST_MEMORY + " (default: half of the heap)",
                                WorkerSettings::memory)
                        .orElseGet(() -> Runtime.getRuntime().maxMemory() / 2),
                GarbagePolicy.from(settings),
                new VersionPolicy(settings.millis("WORKER_REWRITE_AFTER", Duration.ofDays(1), Duration.ZERO)),
                settings.integer("WORKER_QUARANTINE_AFTER", 6, 1, 1000),
                WebhookSettings.from(settings),
                port == OFF ? OptionalInt.empty() : OptionalInt.of(port),
                settings.millis("SHUTDOWN_TIMEOUT", Duration.ofSeconds(10), Duration.ZERO));
    }

    private static long memory(String text) {
        long bytes = Long.parseLong(text);
        if (bytes < LEAST_MEMORY) {
            throw new IllegalArgumentException("too small");
        }
        return bytes;
    }
}
