package dev.weft.worker;

import dev.weft.room.CompactionTask;
import dev.weft.room.EntryId;
import dev.weft.room.Quarantine;
import dev.weft.room.RedisUnavailableException;
import dev.weft.room.WorkQueue;
import dev.weft.worker.Agenda.Item;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes tasks from the queue, runs them when they are due, and renews their leases.
 *
 * <p>One virtual thread looks for tasks: it waits in Redis for new ones, claims its own when their debounce is over, and now and then
 * searches for overdue ones of others. Another renews leases. Each compaction runs on a virtual thread of its own, so many at once.
 */
final class CompactionLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CompactionLoop.class);
    private static final int AGENDA = 10_000;
    private static final int TAKEN_AT_ONCE = 500;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(4);
    private static final Duration LONGEST_SEARCH_PAUSE = Duration.ofSeconds(4);
    private static final Duration COUNT_PAUSE = Duration.ofSeconds(12);
    private static final Duration LONGEST_RETRY_PAUSE = Duration.ofMinutes(2);
    private static final Duration HOUSEKEEPING = Duration.ofMinutes(10);
    private static final Duration DEAD_AFTER = Duration.ofHours(1);

    /** So much later than the debounce, lest Redis's clock find that it is not over yet. */
    private static final Duration GRACE = Duration.ofMillis(2);

    /** While tasks are due, new ones are asked for no more often: they have time for their debounce. */
    private static final Duration TAKE_PAUSE = Duration.ofMillis(20);

    /** A task that was begun so many times the number of failures was ended by nobody. */
    private static final long ABANDONED = 2;

    private final WorkQueue queue;
    private final Quarantine quarantine;
    private final int quarantineAfter;
    private final Compaction compaction;
    private final WorkerMetrics metrics;
    private final Duration debounce;
    private final int concurrency;
    private final Semaphore slots;
    private final Agenda agenda = new Agenda(AGENDA, System.nanoTime());
    private final Failures failures = new Failures();
    private final Thread finder = Thread.ofVirtual().name("weft-worker-finder").unstarted(this::find);
    private final Thread renewer = Thread.ofVirtual().name("weft-worker-leases").unstarted(this::renewLeases);
    private volatile boolean closing;
    private volatile long answeredAt = System.nanoTime();

    // Only the finder touches these.
    private long nextSearch = System.nanoTime();
    private long nextHousekeeping = System.nanoTime();
    private long nextTake = System.nanoTime();
    private long nextCount = System.nanoTime();

    CompactionLoop(
            WorkQueue queue,
            Quarantine quarantine,
            Compaction compaction,
            WorkerMetrics metrics,
            Duration debounce,
            int concurrency,
            int quarantineAfter) {
        this.queue = queue;
        this.quarantine = quarantine;
        this.quarantineAfter = quarantineAfter;
        this.compaction = compaction;
        this.metrics = metrics;
        this.debounce = debounce;
        this.concurrency = concurrency;
        slots = new Semaphore(concurrency);
    }

    void start() {
        finder.start();
        renewer.start();
    }

    /** Whether the queue answered lately. */
    boolean isHealthy() {
        return System.nanoTime() - answeredAt < TimeUnit.SECONDS.toNanos(30);
    }

    /** Takes no more tasks, and waits for those that run. */
    void close(Duration limit) {
        closing = true;
        finder.interrupt();
        try {
            if (!slots.tryAcquire(concurrency, limit.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("{} compactions did not end in time and are left to other workers", agenda.running());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        renewer.interrupt();
    }

    @Override
    public void close() {
        close(Duration.ZERO);
    }

    private void find() {
        boolean down = false;
        while (!closing) {
            try {
                findOnce();
                answeredAt = System.nanoTime();
                down = false;
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (closing) {
                    return;
                }
                if (!down) {
                    boolean expected = e instanceof RedisUnavailableException;
                    LOG.warn("the queue does not answer: {}", e.getMessage(), expected ? null : e);
                }
                down = true;
                if (!pause(Duration.ofMillis(500))) {
                    return;
                }
            }
        }
    }

    private void findOnce() throws InterruptedException {
        if (!slots.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
            return;
        }
        slots.release();
        keepHouse();
        claimOwn();
        searchOverdue();
        takeNew();
    }

    private void keepHouse() {
        if (System.nanoTime() - nextHousekeeping < 0) {
            return;
        }
        nextHousekeeping = System.nanoTime() + HOUSEKEEPING.toNanos();
        int adopted = queue.adoptOrphans();
        if (adopted > 0) {
            LOG.warn("{} rooms had no task in the queue and have one now", adopted);
        }
        queue.removeDeadConsumers(DEAD_AFTER);
    }

    private void claimOwn() {
        List<EntryId> taken = new ArrayList<>();
        for (Item item : agenda.due(System.nanoTime(), slots.availablePermits())) {
            if (item.failed() == null) {
                taken.add(item.id());
            } else {
                run(item.failed(), item.failures());
            }
        }
        queue.claim(taken).forEach(task -> run(task, failuresOf(task)));
    }

    private void searchOverdue() {
        int free = slots.availablePermits();
        if (free == 0 || System.nanoTime() - nextSearch < 0) {
            return;
        }
        queue.claimOverdue(free).forEach(task -> run(task, failuresOf(task)));
        if (queue.isSearchedThrough()) {
            if (System.nanoTime() - nextCount >= 0) {
                nextCount = System.nanoTime() + COUNT_PAUSE.toNanos();
                metrics.queueLength(queue.length(), quarantine.size());
            }
            Duration half = debounce.dividedBy(2);
            nextSearch = System.nanoTime() + shorter(half, LONGEST_SEARCH_PAUSE).toNanos();
        }
    }

    private void takeNew() {
        int max = Math.min(TAKEN_AT_ONCE, agenda.room());
        if (max == 0) {
            pause(Duration.ofMillis(100));
            return;
        }
        long now = System.nanoTime();
        long untilDue = agenda.untilNext(now);
        if (untilDue == 0 && now - nextTake < 0) {
            return; // what is due goes first
        }
        long wait = Math.min(untilDue, Math.max(0, nextSearch - now));
        Duration block = shorter(Duration.ofNanos(wait), LONGEST_WAIT);
        List<EntryId> ids = queue.take(max, block);
        long takenAt = System.nanoTime();
        agenda.taken(ids, takenAt + debounce.plus(GRACE).toNanos());
        nextTake = ids.size() < max ? takenAt + TAKE_PAUSE.toNanos() : takenAt;
    }

    private void run(CompactionTask task, int failedBefore) {
        if (!agenda.start(task)) {
            return; // it is overdue again after the debounce, if it is still there
        }
        if (task.attempt() > ABANDONED * quarantineAfter) {
            // Not one of them said why it failed: its process ended first.
            String reason = "its compaction was begun " + (task.attempt() - 1)
                    + " times and never ended; it may be too large for the memory of a worker";
            boolean done = setAside(task, task.attempt() - 1, reason);
            if (done) {
                agenda.ended(task);
                return;
            }
        }
        slots.acquireUninterruptibly();
        Thread.ofVirtual().name("weft-compaction").start(() -> {
            long from = System.nanoTime();
            try {
                Compaction.Outcome outcome = compaction.run(task);
                metrics.compacted(outcome, System.nanoTime() - from);
                failures.over(task.room(), outcome == Compaction.Outcome.STORED);
            } catch (RuntimeException | Error e) {
                metrics.failed(System.nanoTime() - from);
                failed(task, failedBefore + 1, failures.failed(task.room(), e));
            } finally {
                agenda.ended(task);
                slots.release();
            }
        });
    }

    private void failed(CompactionTask task, int failedBefore, Failures.Tally tally) {
        if (tally.counted() >= quarantineAfter && setAside(task, tally.attempts(), tally.reason())) {
            failures.forget(task.room());
            return;
        }
        agenda.failed(
                task,
                failedBefore,
                System.nanoTime() + retryPause(debounce, failedBefore).toNanos());
    }

    /** False if Redis does not answer: then it is tried again. */
    private boolean setAside(CompactionTask task, long attempts, String reason) {
        try {
            if (quarantine.add(task, attempts, reason)) {
                metrics.quarantined();
                LOG.error(
                        "room '{}' failed {} times and is not compacted any more until './weft quarantine retry'; people go on in"
                                + " it, nothing of it is lost or trimmed, its stream grows: {}",
                        task.room().value(),
                        attempts,
                        reason);
            }
            return true;
        } catch (RedisUnavailableException e) {
            return false;
        }
    }

    private void renewLeases() {
        while (pause(debounce.dividedBy(3))) {
            try {
                Set<EntryId> leased = agenda.leased();
                if (!leased.isEmpty()) {
                    agenda.keepLeased(leased, queue.renew(leased));
                }
            } catch (RuntimeException e) {
                LOG.debug("leases could not be renewed", e);
            }
        }
    }

    private static int failuresOf(CompactionTask task) {
        return (int) Math.min(30, task.attempt() - 1);
    }

    /** The debounce, doubled for each failure but the first. */
    static Duration retryPause(Duration debounce, int failures) {
        return shorter(debounce.multipliedBy(1L << Math.clamp(failures - 1, 0, 20)), LONGEST_RETRY_PAUSE);
    }

    private static boolean pause(Duration pause) {
        try {
            Thread.sleep(pause);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
