package dev.weft.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WatchdogTest {
    /** No test takes that long: only what a test does by itself is done. */
    private static final Duration LONG = Duration.ofHours(1);

    private static final Duration SHORT = Duration.ofMillis(100);

    @Test
    void connectionIsCutOffAfterTheLimitAndOnce() {
        try (Watchdog watchdog = new Watchdog(LONG)) {
            Played played = new Played();
            long before = System.nanoTime();
            watchdog.watch(played.connection);
            long after = System.nanoTime();

            watchdog.sweep(before + LONG.toNanos() - 1);
            assertThat(played.aborts).hasValue(0);
            watchdog.sweep(after + LONG.toNanos());
            assertThat(played.aborts).hasValue(1);
            watchdog.sweep(after + LONG.toNanos() + 1);
            assertThat(played.aborts).hasValue(1);
        }
    }

    @Test
    void eachIsCutOffAtItsOwnTime() {
        Duration limit = Duration.ofSeconds(1);
        try (Watchdog watchdog = new Watchdog(limit)) {
            Played first = new Played();
            Played second = new Played();
            watchdog.watch(first.connection);
            long begin = System.nanoTime();
            await().until(() -> System.nanoTime() - begin > limit.toNanos() / 2);
            long secondBegin = System.nanoTime();
            watchdog.watch(second.connection);

            first.awaitAbort();
            assertThat(second.aborts).hasValue(0);
            second.awaitAbort();
            // A tenth later at the latest, and something for a machine that has other things to do.
            assertThat(Duration.ofNanos(second.abortedAt - secondBegin)).isBetween(limit, limit.plusMillis(100 + 250));
        }
    }

    @Test
    void pauseLastsUntilTheOldestIsDueButNotTooShort() {
        try (Watchdog watchdog = new Watchdog(LONG)) {
            Played first = new Played();
            Played second = new Played();
            assertThat(watchdog.sweep(System.nanoTime())).isZero();
            watchdog.watch(first.connection);
            long begin = System.nanoTime();
            while (System.nanoTime() == begin) {
                Thread.onSpinWait();
            }
            watchdog.watch(second.connection);

            assertThat(Duration.ofNanos(watchdog.sweep(begin + LONG.toNanos() / 4)))
                    .isBetween(
                            LONG.dividedBy(4).multipliedBy(3).minusSeconds(10),
                            LONG.dividedBy(4).multipliedBy(3));
            assertThat(Duration.ofNanos(watchdog.sweep(begin + LONG.toNanos()))).isEqualTo(Duration.ofSeconds(1));
            assertThat(first.aborts).hasValue(1);
            assertThat(second.aborts).hasValue(0);
        }
    }

    @Test
    void cancelledConnectionIsNotCutOff() {
        try (Watchdog watchdog = new Watchdog(LONG)) {
            Played played = new Played();
            Watchdog.Watch watch = watchdog.watch(played.connection);

            watch.cancel();

            assertThat(watchdog.sweep(System.nanoTime()))
                    .as("nothing to wait for")
                    .isZero();
            watchdog.sweep(System.nanoTime() + LONG.toNanos());
            // As by a sweep that had found it when it was cancelled.
            watch.cutOff();
            assertThat(played.aborts).hasValue(0);
        }
    }

    @Test
    void cancelWaitsForACutOffThatHasBegun() throws InterruptedException {
        try (Watchdog watchdog = new Watchdog(SHORT)) {
            CountDownLatch aborting = new CountDownLatch(1);
            CountDownLatch mayEnd = new CountDownLatch(1);
            Played played = new Played(() -> {
                aborting.countDown();
                mayEnd.await();
            });
            Watchdog.Watch watch = watchdog.watch(played.connection);
            aborting.await();

            Thread user = Thread.ofPlatform().start(watch::cancel);

            await().until(() -> user.getState() == Thread.State.BLOCKED || user.getState() == Thread.State.TERMINATED);
            assertThat(user.isAlive()).as("waits").isTrue();
            mayEnd.countDown();
            user.join();
        }
    }

    @Test
    void failureToCutOffKeepsNobodyFromBeingCutOff() {
        try (Watchdog watchdog = new Watchdog(SHORT)) {
            for (Exception failure :
                    new Exception[] {new SQLException("played"), new IllegalStateException("played")}) {
                Played bad = new Played(() -> {
                    throw failure;
                });
                watchdog.watch(bad.connection);
                bad.awaitAbort();
            }
            Played good = new Played();
            watchdog.watch(good.connection);
            good.awaitAbort();
        }
    }

    @Test
    void restsWhenNothingIsWatchedAndWakesAgain() {
        try (Watchdog watchdog = new Watchdog(SHORT)) {
            for (int i = 0; i < 3; i++) {
                awaitState(watchdog, Thread.State.WAITING);
                long waits = waits(watchdog);
                watchdog.watch(new Played().connection).cancel();
                // It sleeps until that one would be due, and finds nothing.
                await().pollInterval(Duration.ofMillis(1)).until(() -> waits(watchdog) >= waits + 2);
                awaitState(watchdog, Thread.State.WAITING);
                Played played = new Played();
                watchdog.watch(played.connection);
                played.awaitAbort();
            }
        }
    }

    @Test
    void statementsThatComeAndGoWakeNobody() {
        try (Watchdog watchdog = new Watchdog(LONG)) {
            Connection connection = new Played().connection;
            awaitState(watchdog, Thread.State.WAITING);
            watchdog.watch(connection).cancel();
            awaitState(watchdog, Thread.State.TIMED_WAITING);
            long waits = waits(watchdog);
            for (int i = 0; i < 10_000; i++) {
                watchdog.watch(connection).cancel();
            }
            awaitState(watchdog, Thread.State.TIMED_WAITING);
            // Almost none: a thread may wake for no reason.
            assertThat(waits(watchdog) - waits).isLessThan(5);
        }
    }

    @Test
    void closeEndsTheThread() throws InterruptedException {
        Watchdog resting = new Watchdog(LONG);
        awaitState(resting, Thread.State.WAITING);
        Watchdog busy = new Watchdog(LONG);
        busy.watch(new Played().connection);
        awaitState(busy, Thread.State.TIMED_WAITING);

        resting.close();
        busy.close();

        assertThat(resting.sweeper.join(Duration.ofSeconds(10))).isTrue();
        assertThat(busy.sweeper.join(Duration.ofSeconds(10))).isTrue();
    }

    private static void awaitState(Watchdog watchdog, Thread.State state) {
        await().pollInterval(Duration.ofMillis(1)).until(() -> watchdog.sweeper.getState() == state);
    }

    /** How often the thread went to sleep. */
    private static long waits(Watchdog watchdog) {
        return ManagementFactory.getThreadMXBean()
                .getThreadInfo(watchdog.sweeper.threadId())
                .getWaitedCount();
    }

    private interface Abort {
        void run() throws Exception;
    }

    /** A connection that can do nothing but be cut off. */
    private static final class Played {
        final AtomicInteger aborts = new AtomicInteger();
        final Connection connection;
        volatile long abortedAt;

        Played() {
            this(() -> {});
        }

        Played(Abort abort) {
            connection = (Connection) Proxy.newProxyInstance(
                    Played.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                        assertThat(method.getName()).isEqualTo("abort");
                        abortedAt = System.nanoTime();
                        aborts.incrementAndGet();
                        abort.run();
                        return null;
                    });
        }

        void awaitAbort() {
            await().pollInterval(Duration.ofMillis(1)).until(() -> aborts.get() == 1);
        }
    }
}
