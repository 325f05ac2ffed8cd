package dev.weft.storage.s3;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Runs requests side by side, a few at one time for each call. */
final class Parallel {
    private static final int AT_ONCE = 8;

    private Parallel() {}

    /**
     * Runs {@code action} on each item and returns when none runs any more.
     *
     * @throws RuntimeException what the action threw, of the first that is found; items that were not begun then stay undone
     */
    static <T> void forEach(Collection<T> items, Consumer<T> action) {
        if (items.size() <= 1) {
            items.forEach(action);
            return;
        }
        Queue<T> queue = new ConcurrentLinkedQueue<>(items);
        Runnable runner = () -> {
            try {
                for (T item = queue.poll(); item != null; item = queue.poll()) {
                    action.accept(item);
                }
            } catch (RuntimeException | Error e) {
                queue.clear();
                throw e;
            }
        };
        List<Future<?>> futures = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < Math.min(AT_ONCE, items.size()); i++) {
                futures.add(executor.submit(runner));
            }
        }
        // Closing waited for them. Interrupted meanwhile, it interrupts them: their requests fail.
        futures.forEach(Parallel::result);
    }

    private static void result(Future<?> done) {
        if (done.state() == Future.State.FAILED) {
            Throwable failure = done.exceptionNow();
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        }
    }
}
