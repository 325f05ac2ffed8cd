package dev.weft.worker;

import dev.weft.room.MemoryBudget;
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
 *   <tr><td>{@code weft_compaction_seconds{outcome}}</td><td>compactions and their time: {@code stored}, {@code unchanged}, {@code postponed}, {@code erased},
 *       {@code failed}</td></tr>
 *   <tr><td>{@code weft_compaction_document_bytes}</td><td>sizes of documents of which something was stored</td></tr>
 *   <tr><td>{@code weft_compaction_version_bytes}</td><td>sizes of the versions that were stored</td></tr>
 *   <tr><td>{@code weft_compaction_merged_versions}</td><td>how many versions were read and merged into one</td></tr>
 *   <tr><td>{@code weft_memory_reserved_bytes}</td><td>of the budget for documents: what is taken</td></tr>
 *   <tr><td>{@code weft_memory_waiting}</td><td>compactions and webhooks that wait for memory</td></tr>
 *   <tr><td>{@code weft_queue_tasks}</td><td>rooms whose stream lives: tasks that wait or run, on any worker</td></tr>
 *   <tr><td>{@code weft_quarantine_rooms}</td><td>rooms in quarantine, whoever put them there</td></tr>
 *   <tr><td>{@code weft_quarantine_total}</td><td>rooms that this worker put there</td></tr>
 *   <tr><td>{@code weft_webhooks_total{outcome}}</td><td>documents {@code sent}, {@code failed} or {@code dropped}</td></tr>
 *   <tr><td>{@code weft_malformed_entries_total}</td><td>entries of streams that were found malformed</td></tr>
 * </table>
 */
final class WorkerMetrics {
    private final MeterRegistry registry;
    private final DistributionSummary documentBytes;
    private final DistributionSummary versionBytes;
    private final DistributionSummary merged;
    private final AtomicLong queued = new AtomicLong();
    private final AtomicLong quarantined = new AtomicLong();
    private final Counter quarantines;

    WorkerMetrics(MeterRegistry registry) {
        this.registry = registry;
        documentBytes = bytes("weft.compaction.document");
        versionBytes = bytes("weft.compaction.version");
        merged = DistributionSummary.builder("weft.compaction.merged")
                .baseUnit("versions")
                .register(registry);
        Gauge.builder("weft.queue.tasks", queued, AtomicLong::get).register(registry);
        Gauge.builder("weft.quarantine.rooms", quarantined, AtomicLong::get).register(registry);
        quarantines = Counter.builder("weft.quarantine").register(registry);
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

    /** As {@link Compaction.Observer#stored}. */
    void stored(long bytes, int mergedVersions, long wholeDocument) {
        versionBytes.record((double) bytes);
        documentBytes.record((double) wholeDocument);
        merged.record(mergedVersions);
    }

    void memory(MemoryBudget memory) {
        Gauge.builder("weft.memory.reserved", memory, MemoryBudget::taken)
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("weft.memory.waiting", memory, MemoryBudget::waiting).register(registry);
    }

    void queueLength(long length, long setAside) {
        queued.set(length);
        quarantined.set(setAside);
    }

    void quarantined() {
        quarantines.increment();
    }

    Counter webhooks(String outcome) {
        return Counter.builder("weft.webhooks").tag("outcome", outcome).register(registry);
    }

    private DistributionSummary bytes(String name) {
        return DistributionSummary.builder(name).baseUnit("bytes").register(registry);
    }

    private Timer timer(String outcome) {
        return Timer.builder("weft.compaction").tag("outcome", outcome).register(registry);
    }

    private static String name(Compaction.Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }
}
