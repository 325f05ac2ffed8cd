package dev.weft.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a worker counts.
 *
 * <table>
 *   <caption>Metrics</caption>
 *   <tr><td>{@code weft_compaction_seconds{outcome}}</td><td>compactions and their time: {@code stored}, {@code unchanged}, {@code failed}</td></tr>
 *   <tr><td>{@code weft_compaction_document_bytes}</td><td>sizes of documents that were stored</td></tr>
 *   <tr><td>{@code weft_queue_tasks}</td><td>rooms whose stream lives: tasks that wait or run, on any worker</td></tr>
 *   <tr><td>{@code weft_webhooks_total{outcome}}</td><td>documents {@code sent}, {@code failed} or {@code dropped}</td></tr>
 *   <tr><td>{@code weft_malformed_entries_total}</td><td>entries of streams that were found malformed</td></tr>
 * </table>
 */
final class WorkerMetrics {
    private final MeterRegistry registry;
    private final DistributionSummary bytes;
    private final AtomicLong queued = new AtomicLong();

    WorkerMetrics(MeterRegistry registry) {
        this.registry = registry;
        bytes = DistributionSummary.builder("weft.compaction.document")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("weft.queue.tasks", queued, AtomicLong::get).register(registry);
        for (Compaction.Outcome outcome : Compaction.Outcome.values()) {
            timer(name(outcome));
        }
        timer("failed");
    }

    void compacted(Compaction.Outcome outcome, long nanos) {
        timer(name(outcome)).record(nanos, TimeUnit.NANOSECONDS);
    }

    void failed(long nanos) {
        timer("failed").record(nanos, TimeUnit.NANOSECONDS);
    }

    void documentStored(long size) {
        bytes.record((double) size);
    }

    void queueLength(long length) {
        queued.set(length);
    }

    Counter webhooks(String outcome) {
        return Counter.builder("weft.webhooks").tag("outcome", outcome).register(registry);
    }

    private Timer timer(String outcome) {
        return Timer.builder("weft.compaction").tag("outcome", outcome).register(registry);
    }

    private static String name(Compaction.Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }
}
