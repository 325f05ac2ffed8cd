package dev.weft.benchmarks.load;

import dev.weft.yjs.StateVector;
import dev.weft.yjs.Updates;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A client that has all of a document reconnects, again and again: what it receives, and what that costs the server. */
final class ReconnectLoad {
    /**
     * What is asked for.
     *
     * @param warmups reconnects that do not count
     * @param rounds reconnects that do
     */
    record Options(int warmups, int rounds, String room, byte[] document) {}

    private final Options options;
    private final Session session;
    private final StateVector have;
    /** As the stock client answers: what the server lacks, and all deletions. */
    private final Map<StateVector, byte[]> answers = new ConcurrentHashMap<>();

    ReconnectLoad(Options options, Session session) {
        this.options = options;
        this.session = session;
        this.have = Updates.stateVector(options.document);
    }

    LoadResult run() {
        LoadResult.Builder result = new LoadResult.Builder("reconnect")
                .parameter("warm-up reconnects", options.warmups)
                .parameter("rounds", options.rounds)
                .parameter("document bytes", options.document.length);
        session.progress().say("warm-up: " + options.warmups + " reconnects");
        for (int i = 0; i < options.warmups; i++) {
            once();
        }
        session.progress().say("measuring: " + options.rounds + " reconnects");
        Lane lane = session.dialer().lane(0);
        lane.loop().submit(lane.latencies()::reset).syncUninterruptibly();
        Usage usage = Usage.start(session.target());
        Received most = new Received(0, Updates.empty());
        for (int i = 0; i < options.rounds; i++) {
            Received received = once();
            check(received, result);
            most = received.all > most.all ? received : most;
        }
        Usage.Spent spent = usage.sinceStart();
        return result.figure("received in all", most.all / 1e3, "KB")
                .figure(LoadResult.RECEIVED, most.updates.length / 1e3, "KB")
                .figure(LoadResult.DELETE_SET, Updates.diff(options.document, have).length / 1e3, "KB")
                .figure(LoadResult.PER_CONNECT, millis(spent.serverMicros(options.rounds)), "ms")
                .figure("Redis CPU per connect", millis(spent.redisMicros(options.rounds)), "ms")
                .latencies(session.dialer().latencies())
                .surroundings(spent)
                .build();
    }

    private static OptionalDouble millis(OptionalDouble micros) {
        return micros.isPresent() ? OptionalDouble.of(micros.getAsDouble() / 1e3) : OptionalDouble.empty();
    }

    /**
     * Until both sides have answered.
     *
     * @param all bytes of all frames
     * @param updates the updates in them
     */
    private record Received(long all, byte[] updates) {}

    private Received once() {
        Dialer dialer = session.dialer();
        Lane lane = dialer.lane(0);
        Collector collector = new Collector();
        Greeting greeting = Greeting.having(
                have, vector -> answers.computeIfAbsent(vector, lacking -> Updates.diff(options.document, lacking)));
        long start = System.nanoTime();
        RoomClient client =
                dialer.join(lane.loop(), options.room, greeting, collector).join();
        client.answered().orTimeout(1, TimeUnit.MINUTES).join();
        lane.loop().submit(() -> lane.record(System.nanoTime() - start)).syncUninterruptibly();
        long received =
                lane.loop().submit(client::received).syncUninterruptibly().getNow();
        client.close();
        client.channel().closeFuture().awaitUninterruptibly();
        return new Received(received, collector.document());
    }

    private void check(Received received, LoadResult.Builder result) {
        StateVector now = Updates.stateVector(Updates.merge(List.of(options.document, received.updates)));
        if (!now.equals(have)) {
            result.failure("something came that is not of the document: " + now);
        }
    }
}
