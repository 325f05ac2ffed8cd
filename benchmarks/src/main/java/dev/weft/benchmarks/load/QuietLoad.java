package dev.weft.benchmarks.load;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A server and a worker with nothing to do: what they take of a processor.
 *
 * @param settle how long they have after their start
 * @param measured how long they are watched
 */
record QuietLoad(WeftContender.RunningWeft server, Session session, Duration settle, Duration measured) {
    static final String SERVER = "server CPU without traffic";
    static final String WORKER = "worker CPU without traffic";

    LoadResult run() {
        LoadResult.Builder result = new LoadResult.Builder("quiet").parameter("seconds", measured.toSeconds());
        try (Program worker = server.startWorker()) {
            ProcessMeter meter = new ProcessMeter(worker.pid());
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

    static void pause(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
