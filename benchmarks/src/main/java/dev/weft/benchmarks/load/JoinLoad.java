package dev.weft.benchmarks.load;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Clients who have nothing join a room with a document, all at once, several times. Those who do not count keep what they get, which must be the
 * document; all others must get the same bytes as one of them.
 */
final class JoinLoad {
    private static final double MEGABYTE = 1e6;

    /**
     * What is asked for.
     *
     * @param clients at once
     * @param warmups joins of a single client that do not count
     * @param rounds how often it is done and measured
     * @param room where the document is
     * @param document that the server has there
     * @param keepAll whether those who count keep what they get, too, since a server may answer in several ways; that takes time and memory
     */
    record Options(int clients, int warmups, int rounds, String room, byte[] document, boolean keepAll) {}

    private final Options options;
    private final Session session;
    private final List<Long> walls = new ArrayList<>();
    /** Different answers, and one of each kind in full where somebody kept it. */
    private final Map<JoinObserver.Answer, Optional<byte[]>> answers = new LinkedHashMap<>();

    JoinLoad(Options options, Session session) {
        this.options = options;
        this.session = session;
    }

    LoadResult run() {
        LoadResult.Builder result = new LoadResult.Builder("join")
                .parameter("clients", options.clients)
                .parameter("warm-up joins", options.warmups)
                .parameter("rounds", options.rounds)
                .parameter("document bytes", options.document.length);
        Optional<ProcessMeter> server = meter(session.target().server());
        long idle = server.map(ProcessMeter::residentBytes).orElse(0L);
        for (int i = 0; i < options.warmups; i++) {
            round(1, true, result);
        }
        server.ifPresent(ProcessMeter::resetPeak);
        walls.clear();
        session.progress().say("measuring: " + options.rounds + " × " + options.clients + " clients at once");
        Lane lane = session.dialer().lane(0);
        lane.loop().submit(lane.latencies()::reset).syncUninterruptibly();
        Usage usage = Usage.start(session.target());
        int failed = 0;
        for (int i = 0; i < options.rounds; i++) {
            failed += round(options.clients, options.keepAll, result);
        }
        Usage.Spent spent = usage.sinceStart();
        long peak = server.map(ProcessMeter::peakBytes).orElse(0L);

        result.figure(LoadResult.WALL, median(walls) / 1e6, "ms")
                .figure(LoadResult.FAILED, failed, "")
                .figure(LoadResult.SERVER_SECONDS, seconds(spent.server()), "s")
                .figure("Redis CPU in all", seconds(spent.redis()), "s");
        answers.keySet().stream()
                .findFirst()
                .ifPresent(answer -> result.figure("messages of an answer", answer.messages(), "")
                        .figure("bytes of an answer", answer.bytes() / MEGABYTE, "MB"));
        if (server.isPresent()) {
            result.figure("RSS before all", idle / MEGABYTE, "MB")
                    .figure(LoadResult.PEAK, (peak - idle) / MEGABYTE, "MB");
        }
        result.latencies(session.dialer().latencies()).surroundings(spent);
        session.saveHistogram();
        verify(result);
        return result.build();
    }

    private OptionalDouble seconds(OptionalLong nanos) {
        return nanos.isPresent() ? OptionalDouble.of(nanos.getAsLong() / 1e9 / options.rounds) : OptionalDouble.empty();
    }

    private static Optional<ProcessMeter> meter(OptionalLong pid) {
        return pid.isPresent() ? Optional.of(new ProcessMeter(pid.getAsLong())) : Optional.empty();
    }

    /** All at once, to the last one's end. @return how many failed */
    private int round(int clients, boolean keep, LoadResult.Builder result) {
        Dialer dialer = session.dialer();
        Lane lane = dialer.lane(0);
        List<JoinObserver> observers = new ArrayList<>();
        List<Collector> collectors = new ArrayList<>();
        List<CompletableFuture<RoomClient>> joins = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < clients; i++) {
            JoinObserver observer = new JoinObserver();
            Collector collector = new Collector();
            observers.add(observer);
            collectors.add(collector);
            RoomListener listener = keep ? new Both(observer, collector) : observer;
            CompletableFuture<RoomClient> join = dialer.join(lane.loop(), options.room, Greeting.empty(), listener);
            joins.add(join.whenComplete((client, failure) -> {
                if (failure == null) {
                    lane.record(System.nanoTime() - start);
                }
            }));
        }
        int failed = 0;
        List<RoomClient> inside = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            try {
                inside.add(joins.get(i).join());
                note(observers.get(i), keep ? Optional.of(collectors.get(i)) : Optional.empty());
            } catch (CompletionException e) {
                failed++;
                result.failure("join failed: " + Failures.message(e));
            }
        }
        walls.add(System.nanoTime() - start);
        inside.forEach(RoomClient::close);
        inside.forEach(client -> client.channel().closeFuture().awaitUninterruptibly());
        return failed;
    }

    private void note(JoinObserver observer, Optional<Collector> collector) {
        JoinObserver.Answer answer = observer.answer();
        if (answers.getOrDefault(answer, Optional.empty()).isEmpty()) {
            answers.put(answer, collector.map(Collector::untilSynced));
        }
    }

    /** One more client keeps what it gets; then every kind of answer must be the document. */
    private void verify(LoadResult.Builder result) {
        session.progress().say("checking the document");
        round(1, true, result);
        answers.forEach((answer, kept) -> {
            if (kept.isEmpty()) {
                result.failure("a client got " + answer + ", which is none of " + answers.keySet());
            } else if (!Arrays.equals(kept.get(), options.document)) {
                SameDocument.difference(options.document, kept.get()).ifPresent(result::failure);
            }
        });
    }

    private static double median(List<Long> values) {
        long[] sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2.0;
    }

    /** Two listeners as one. The second reads after the first, at the same place. */
    private record Both(JoinObserver observer, Collector collector) implements RoomListener {
        @Override
        public void update(boolean step2, Cursor update) {
            observer.update(step2, update);
            collector.update(step2, update);
        }

        @Override
        public void updatePart(boolean step2, ByteBuf bytes, int from, int length, boolean first, boolean last) {
            observer.updatePart(step2, bytes, from, length, first, last);
            collector.updatePart(step2, bytes, from, length, first, last);
        }
    }
}
