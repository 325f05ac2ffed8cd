package dev.weft.yjs;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;

/** Which clients wait for which clocks of others. A client waits for one at a time. Not thread-safe. */
final class Awaited {
    private static final long NONE = Long.MAX_VALUE;

    /** For each client the lowest of its clocks that someone waits for. */
    private final long[] lowest;

    private final Map<Integer, PriorityQueue<Waiter>> waiting = new HashMap<>();
    private final Queue<Integer> ready = new ArrayDeque<>();

    private record Waiter(long clock, int client) {}

    Awaited(int clients) {
        lowest = new long[clients];
        Arrays.fill(lowest, NONE);
    }

    /** {@code client} waits until clock {@code clock} of {@code other} is known. */
    void await(int other, long clock, int client) {
        waiting.computeIfAbsent(other, key -> new PriorityQueue<>(Comparator.comparingLong(Waiter::clock)))
                .add(new Waiter(clock, client));
        lowest[other] = Math.min(lowest[other], clock);
    }

    /** The clocks of {@code other} below {@code known} are known now: those who waited for them are ready. */
    void passed(int other, long known) {
        if (known <= lowest[other]) {
            return;
        }
        PriorityQueue<Waiter> waiters = waiting.get(other);
        while (waiters != null && !waiters.isEmpty() && waiters.element().clock() < known) {
            ready.add(waiters.remove().client());
        }
        lowest[other] =
                waiters == null || waiters.isEmpty() ? NONE : waiters.element().clock();
    }

    boolean hasReady() {
        return !ready.isEmpty();
    }

    /** A client that waits no more; there must be one. */
    int takeReady() {
        return ready.remove();
    }
}
