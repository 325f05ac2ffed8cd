package dev.weft.worker;

import dev.weft.settings.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a worker works.
 *
 * @param concurrency compactions at one time ({@code WORKER_CONCURRENCY}); each holds a document in memory a few times
 * @param garbage which documents lose what was deleted in them ({@code YDOC_GC}, {@code YDOC_GC_EXCEPT})
 * @param callback where documents that changed are sent ({@code YDOC_UPDATE_CALLBACK}), without a slash at its end; empty for nowhere
 * @param callbackTimeout how long the receiver may take for one ({@code YDOC_UPDATE_TIMEOUT})
 * @param metricsPort where metrics and health are served ({@code METRICS_PORT}); 0 takes a free port; empty for nowhere
 * @param shutdownTimeout how long running compactions have to end when the worker stops ({@code SHUTDOWN_TIMEOUT})
 */
record WorkerSettings(
        int concurrency,
        GarbagePolicy garbage,
        Optional<URI> callback,
        Duration callbackTimeout,
        OptionalInt metricsPort,
        Duration shutdownTimeout) {
    private static final int OFF = -1;

    static WorkerSettings from(Settings settings) {
        int port = settings.integer("METRICS_PORT", OFF, OFF, 65535);
        return new WorkerSettings(
                settings.integer("WORKER_CONCURRENCY", 3, 1, 64),
                GarbagePolicy.from(settings),
                settings.value("YDOC_UPDATE_CALLBACK", "an address such as https://host/ydoc", WorkerSettings::address),
                settings.millis("YDOC_UPDATE_TIMEOUT", Duration.ofSeconds(10), Duration.ofMillis(100)),
                port == OFF ? OptionalInt.empty() : OptionalInt.of(port),
                settings.millis("SHUTDOWN_TIMEOUT", Duration.ofSeconds(10), Duration.ZERO));
    }

    private static URI address(String text) {
        URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new IllegalArgumentException("neither http nor https");
        }
        return uri;
    }
}
