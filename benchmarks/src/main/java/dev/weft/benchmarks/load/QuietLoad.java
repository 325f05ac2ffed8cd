package dev.weft.benchmarks.load;

import dev.weft.yjs.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A server and a worker with nothing to do, after they have worked: what they take of a processor. What has only just started would be seen
 * compiling: code that runs once a second takes many minutes until it runs as it then does for weeks.
 *
 * @param rooms how many were written and stored before
 * @param settle how long they have after that
 * @param measured how long they are watched
 */
record QuietLoad(WeftContender.RunningWeft server, Session session, int rooms, Duration settle, Duration measured) {
    static final String SERVER = "server CPU without traffic";
    static final String WORKER = "worker CPU without traffic";
    private static final int AT_ONCE = 500;
    private static final int UPDATES = 10;
    private static final int UPDATE_BYTES = 50;

    LoadResult run() {
        LoadResult.Builder result = new LoadResult.Builder("quiet")
                .parameter("rooms before", rooms)
                .parameter("seconds", measured.toSeconds());
        try (Program worker = server.startWorker()) {
            ProcessMeter meter = new ProcessMeter(worker.pid());
            work(worker);
            pause(settle);
            session.progress().say("quiet for " + measured.toSeconds() + " s");
            long before = meter.cpuNanos();
            Usage usage = Usage.start(session.target());
            pause(measured);
            Usage.Spent spent = usage.sinceStart();
            return result.figure(SERVER, spent.serverPercent(), "%")
                    .figure(WORKER, 100.0 * (meter.cpuNanos() - before) / spent.elapsed(), "%")
                    .surroundings(spent)
                    .build();
        }
    }

    private void work(Program worker) {
        session.progress().say("warm-up: " + rooms + " rooms are written, and stored after a minute");
        for (int from = 0; from < rooms; from += AT_ONCE) {
            write(from, Math.min(AT_ONCE, rooms - from));
        }
        for (int i = 0; i < rooms; i++) {
            server.awaitStored(session.room(i), worker);
        }
    }

    private void write(int from, int count) {
        Dialer dialer = session.dialer();
        try (Crowd crowd = session.crowd()) {
            List<RoomClient> writers = crowd.enter(
                    count,
                    i -> dialer.join(
                            dialer.lane(i).loop(), session.room(from + i), Greeting.empty(), RoomListener.NONE));
            for (RoomClient writer : writers) {
                Typist typist = new Typist(UPDATE_BYTES);
                for (int i = 0; i < UPDATES; i++) {
                    writer.send(Message.updateFrame(typist.type()));
                }
            }
        }
    }

    static void pause(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
