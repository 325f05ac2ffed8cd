package dev.weft.benchmarks.load;

import dev.weft.yjs.Message;
import dev.weft.yjs.StateVector;
import dev.weft.yjs.Updates;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A document that is stored, then many small updates to it: what the worker takes until they are stored, too. Before, the same is done to other
 * rooms, and the worker rests. Memory counts from what the worker had when it had just started, so that what it keeps of earlier work counts,
 * too. In the end a newcomer must get all.
 *
 * @param warmups rooms
 * @param rest as long as the worker may take to give back what it does not need
 */
record WorkerLoad(WeftContender.RunningWeft server, Session session, byte[] document, int warmups, Duration rest) {
    static final String CPU = "worker CPU";
    static final String PEAK = "worker's peak RSS over idle";
    static final String TIMES = "the same in documents";

    private static final int UPDATES = 200;
    private static final int UPDATE_BYTES = 50;
    private static final Duration SETTLE = Duration.ofSeconds(3);
    private static final double MEGABYTE = 1e6;

    LoadResult run() {
        LoadResult.Builder result = new LoadResult.Builder("worker")
                .parameter("document bytes", document.length)
                .parameter("updates", UPDATES)
                .parameter("warm-up rooms", warmups)
                .parameter("seconds of rest", rest.toSeconds());
        try (Program worker = server.startWorker()) {
            ProcessMeter meter = new ProcessMeter(worker.pid());
            QuietLoad.pause(SETTLE);
            long idle = meter.residentBytes();
            List<String> rooms =
                    IntStream.range(0, warmups).mapToObj(session::room).toList();
            rooms.forEach(room -> Preload.bring(session, room, document).close());
            rooms.forEach(room -> server.awaitStored(room, worker));
            rooms.forEach(room -> write(room, new Typist(UPDATE_BYTES)));
            rooms.forEach(room -> server.awaitStored(room, worker));
            session.progress().say("letting the worker rest");
            QuietLoad.pause(rest);

            String room = session.room(warmups);
            Preload.bring(session, room, document).close();
            server.awaitStored(room, worker);
            meter.resetPeak();
            long before = meter.cpuNanos();
            Usage usage = Usage.start(session.target());
            session.progress().say("measuring: " + UPDATES + " updates, and until they are stored");
            Typist typist = new Typist(UPDATE_BYTES);
            write(room, typist);
            server.awaitStored(room, worker);
            long peak = meter.peakBytes() - idle;
            result.figure(CPU, (meter.cpuNanos() - before) / 1e9, "s")
                    .figure(PEAK, peak / MEGABYTE, "MB")
                    .figure(TIMES, (double) peak / document.length, "×")
                    .figure("worker's RSS after its start", idle / MEGABYTE, "MB")
                    .surroundings(usage.sinceStart());
            check(room, typist, result);
        }
        return result.build();
    }

    private void write(String room, Typist typist) {
        Dialer dialer = session.dialer();
        RoomClient client = dialer.join(
                        dialer.senders(), room, Greeting.having(have(), vector -> Updates.empty()), RoomListener.NONE)
                .join();
        Pacer.run(UPDATES, UPDATES, i -> client.send(Message.updateFrame(typist.type())));
        client.close();
        client.channel().closeFuture().awaitUninterruptibly();
    }

    private StateVector have() {
        return Updates.stateVector(document);
    }

    private void check(String room, Typist typist, LoadResult.Builder result) {
        Collector collector = new Collector();
        Dialer dialer = session.dialer();
        dialer.join(dialer.senders(), room, Greeting.empty(), collector).join().close();
        byte[] got = collector.document();
        if (!Typist.textOf(got).equals(typist.text())) {
            result.failure("a newcomer does not get what was written");
        }
        if (!Updates.stateVector(Updates.merge(List.of(got, document))).equals(Updates.stateVector(got))) {
            result.failure("a newcomer does not get all of the document");
        }
    }
}
