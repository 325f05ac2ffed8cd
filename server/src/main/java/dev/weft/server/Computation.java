package dev.weft.server;

import java.util.concurrent.Callable;

/** Computations over documents: on the caller's thread if they take microseconds, else on a thread meant for them. */
final class Computation {
    /** Up to so many bytes a computation is a matter of microseconds. */
    static final int SHORT = 16 << 10;

    private Computation() {}

    /**
     * @param bytes how many bytes it goes through
     * @throws java.util.concurrent.RejectedExecutionException if too many wait for such a thread
     */
    static <T> T run(RoomBackend backend, long bytes, Callable<T> computation) {
        if (bytes > SHORT) {
            return backend.compute(computation);
        }
        try {
            return computation.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
