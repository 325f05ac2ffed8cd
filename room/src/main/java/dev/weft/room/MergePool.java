package dev.weft.room;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A few platform threads for work that keeps a processor busy: merges and differences of documents. Whatever number of virtual threads asks
 * for such work, only so many run at once, and event loops keep a processor to run on. Thread-safe.
 */
public final class MergePool implements AutoCloseable {
    private static final int QUEUE = 1024;

    private final ThreadPoolExecutor threads;

    /** One thread for every two processors, at least one. */
    public MergePool() {
        this(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), QUEUE);
    }

    MergePool(int size, int queue) {
        threads = new ThreadPoolExecutor(
                size,
                size,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queue),
                Thread.ofPlatform().name("weft-merge-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs {@code work} on one of the threads and waits for it. Call it on a virtual thread.
     *
     * @throws java.util.concurrent.RejectedExecutionException if more waits already than is reasonable, or the pool is closed
     * @throws RuntimeException what {@code work} threw, if unchecked
     * @throws IllegalStateException around what {@code work} threw, if checked
     */
    public <T> T run(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        threads.execute(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(cause);
        } catch (InterruptedException e) {
            task.cancel(false);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a merge ran", e);
        }
    }

    /** Refuses further work; what runs or waits is finished. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
