package dev.weft.server;

import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;

/** An event loop on the test's own thread, whose time stands still until the test lets it pass. */
final class ManualLoop {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private long now = 1_000_000_000L;

    ManualLoop() {
        channel.freezeTime();
    }

    EventLoop loop() {
        return channel.eventLoop();
    }

    Clock clock() {
        return () -> now;
    }

    /** Does what there is to do. */
    void work() {
        channel.runPendingTasks();
        channel.runScheduledPendingTasks();
    }

    /** Lets milliseconds pass, one by one. */
    void pass(int millis) {
        for (int i = 0; i < millis; i++) {
            now += TimeUnit.MILLISECONDS.toNanos(1);
            channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
            work();
        }
    }

    /** Lets milliseconds pass in which the loop is busy with something else. */
    void stall(int millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        work();
    }

    /** Whether nothing is to be done at any time. */
    boolean sleeps() {
        channel.runPendingTasks();
        return channel.runScheduledPendingTasks() < 0;
    }

    long millis() {
        return TimeUnit.NANOSECONDS.toMillis(now) - 1_000;
    }
}
