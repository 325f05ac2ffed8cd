package dev.weft.server;

import dev.weft.room.MemoryBudget;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmHeapPressureMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.netty4.NettyAllocatorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.util.internal.PlatformDependent;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The server's counters, as {@code GET /metrics} shows them. Thread-safe. */
final class ServerMetrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
    private final JvmHeapPressureMetrics heapPressure = new JvmHeapPressureMetrics();
    private final Gauge heapAfterCollection;
    private final AtomicInteger rooms = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final Map<Refusal.Kind, Counter> refused = new EnumMap<>(Refusal.Kind.class);
    private final Map<CloseReason, Counter> closed = new EnumMap<>(CloseReason.class);

    private final Counter messagesIn = counter("weft.messages.received", "Whole messages received from clients");
    private final Counter messagesOut = counter("weft.messages.sent", "Messages sent to clients");
    private final Counter bytesIn = counter("weft.bytes.received", "Bytes received from clients");
    private final Counter bytesOut = counter("weft.bytes.sent", "Bytes of frames sent to clients");
    private final Counter broadcasts =
            counter("weft.broadcasts", "Times that a room sent what had gathered to everyone in it");
    private final Counter supersededPresence = counter(
            "weft.awareness.superseded", "Awareness states that a newer one replaced before they were published");
    private final Counter pilesMerged =
            counter("weft.backlog.merged", "Times that what waited for a slow client was merged");
    private final Counter appends = counter("weft.appends", "Updates that Redis has taken");
    private final Counter appendsFailed = counter("weft.appends.failed", "Updates that Redis may not have taken");
    private final Counter covered = counter("weft.updates.covered", "Updates that added nothing and were not appended");
    private final Counter readOnlyWrites =
            counter("weft.updates.readonly", "Updates dropped because their sender may only read");
    private final Counter stalePresence =
            counter("weft.awareness.stale", "Awareness states dropped because they were no news");
    private final Counter joinsFailed = counter("weft.joins.failed", "Joins that could not be answered");
    private final Counter joinBytes = counter("weft.joins.bytes", "Bytes of updates in answers to joins");
    private final Counter versionsLoaded = counter("weft.joins.loads", "Stored versions loaded for joins");
    private final Counter versionsSpared =
            counter("weft.joins.loads.spared", "Stored versions that joins had no need to load");
    private final Timer joins = Timer.builder("weft.joins")
            .description("From a client's sync step 1 to its answer")
            .publishPercentileHistogram()
            .register(registry);

    ServerMetrics() {
        Gauge.builder("weft.connections", connections, AtomicInteger::get)
                .description("WebSocket connections")
                .register(registry);
        Gauge.builder("weft.rooms", rooms, AtomicInteger::get)
                .description("Rooms with someone in them on this node")
                .register(registry);
        for (Refusal.Kind kind : Refusal.Kind.values()) {
            refused.put(
                    kind,
                    Counter.builder("weft.upgrades.refused")
                            .description("Upgrades refused, by reason")
                            .tag("reason", tag(kind))
                            .register(registry));
        }
        for (CloseReason reason : CloseReason.values()) {
            closed.put(
                    reason,
                    Counter.builder("weft.connections.closed")
                            .description("Connections that the server ended, by reason")
                            .tag("reason", tag(reason))
                            .register(registry));
        }
        new JvmMemoryMetrics().bindTo(registry);
        garbageCollection.bindTo(registry);
        heapPressure.bindTo(registry);
        heapAfterCollection = registry.get("jvm.memory.usage.after.gc").gauge();
        if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider buffers) {
            new NettyAllocatorMetrics(buffers).bindTo(registry);
        }
        new ProcessorMetrics().bindTo(registry);
    }

    /** In Prometheus's text format. */
    String scrape() {
        return registry.scrape();
    }

    /** How much of the heap was in use after the last collection, from 0 to 1. */
    double heapShare() {
        return heapAfterCollection.value();
    }

    /** How much of the memory that buffers may take beside the heap is in use, from 0 to 1. */
    static double directShare() {
        if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider buffers) {
            return (double) buffers.metric().usedDirectMemory() / PlatformDependent.maxDirectMemory();
        }
        return 0;
    }

    AtomicInteger rooms() {
        return rooms;
    }

    AtomicInteger connections() {
        return connections;
    }

    /** @param nanos by how much the event loops are late */
    void loopLag(LongSupplier nanos) {
        Gauge.builder("weft.loops.lag", nanos, lag -> lag.getAsLong() / 1e9)
                .description("By how much the latest event loop was late when it was last looked at")
                .baseUnit("seconds")
                .strongReference(true)
                .register(registry);
    }

    void refused(Refusal.Kind kind) {
        count(refused.get(kind), 1);
    }

    void closed(CloseReason reason) {
        count(closed.get(reason), 1);
    }

    void bytesReceived(int bytes) {
        bytesIn.increment(bytes);
    }

    void messageReceived() {
        messagesIn.increment();
    }

    void messagesSent(int messages, int bytes) {
        messagesOut.increment(messages);
        bytesOut.increment(bytes);
    }

    void broadcast() {
        broadcasts.increment();
    }

    void supersededPresence(int states) {
        supersededPresence.increment(states);
    }

    void pileMerged() {
        pilesMerged.increment();
    }

    void appended() {
        appends.increment();
    }

    void appendFailed() {
        appendsFailed.increment();
    }

    void coveredUpdate() {
        covered.increment();
    }

    void readOnlyWrite() {
        readOnlyWrites.increment();
    }

    void stalePresence(int states) {
        stalePresence.increment(states);
    }

    void joinFailed() {
        joinsFailed.increment();
    }

    /** @param bytes what the answer's updates have */
    void joined(long nanos, long bytes) {
        joins.record(nanos, TimeUnit.NANOSECONDS);
        joinBytes.increment((double) bytes);
    }

    void versionsLoaded(int versions) {
        versionsLoaded.increment(versions);
    }

    void versionsSpared(int versions) {
        versionsSpared.increment(versions);
    }

    /** Shows how the memory for joins is used. */
    void joinMemory(MemoryBudget memory) {
        Gauge.builder("weft.joins.memory", memory, MemoryBudget::taken)
                .baseUnit("bytes")
                .description("Of the memory for joins, what is taken")
                .register(registry);
        Gauge.builder("weft.joins.waiting", memory, MemoryBudget::waiting)
                .description("Reads of rooms that wait for memory")
                .register(registry);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private static void count(@Nullable Counter counter, int by) {
        if (counter != null) {
            counter.increment(by);
        }
    }

    private static String tag(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        garbageCollection.close();
        heapPressure.close();
        registry.close();
    }
}
