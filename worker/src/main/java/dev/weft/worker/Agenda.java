package dev.weft.worker;

import dev.weft.room.CompactionTask;
import dev.weft.room.EntryId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a worker means to do and when: tasks that it took and that wait for their debounce, tasks that failed and wait for another try, tasks
 * that run. A memory aid only: what is forgotten here is found again in Redis. Bounded, thread-safe. Times are {@link System#nanoTime}.
 */
final class Agenda {
    private final int capacity;

    // All guarded by this.
    private final PriorityQueue<Item> waiting = new PriorityQueue<>(Comparator.comparingLong(Item::rank));
    private final Map<EntryId, Item> parked = new HashMap<>();
    private final Map<EntryId, CompactionTask> running = new HashMap<>();
    private final long epoch;

    /**
     * Something to be done.
     *
     * @param rank when it is due, in nanoseconds since the agenda was made
     * @param failed the task if it failed before; its lease is held while it waits
     */
    record Item(long rank, EntryId id, @Nullable CompactionTask failed, int failures) {}

    Agenda(int capacity, long now) {
        this.capacity = capacity;
        epoch = now;
    }

    /** How many more tasks may be taken. */
    synchronized int room() {
        return Math.max(0, capacity - waiting.size());
    }

    /** Notes tasks that were taken. */
    synchronized void taken(List<EntryId> ids, long dueAt) {
        ids.forEach(id -> waiting.add(new Item(dueAt - epoch, id, null, 0)));
    }

    /** Notes a task that failed. If there is no room, it is left to be found as overdue, by whomever. */
    synchronized void failed(CompactionTask task, int failures, long dueAt) {
        if (waiting.size() < capacity) {
            Item item = new Item(dueAt - epoch, task.id(), task, failures);
            waiting.add(item);
            parked.put(task.id(), item);
        }
    }

    /** Removes and returns what is due, at most {@code max}. */
    synchronized List<Item> due(long now, int max) {
        List<Item> due = new ArrayList<>();
        while (due.size() < max && !waiting.isEmpty() && waiting.peek().rank() <= now - epoch) {
            Item item = waiting.remove();
            parked.remove(item.id(), item);
            due.add(item);
        }
        return due;
    }

    /** Nanoseconds until the next is due; {@link Long#MAX_VALUE} if nothing is. */
    synchronized long untilNext(long now) {
        return waiting.isEmpty() ? Long.MAX_VALUE : Math.max(0, waiting.peek().rank() - (now - epoch));
    }

    /** Notes that the task runs; false if it or another task of its room runs already, or it waits for another try. */
    synchronized boolean start(CompactionTask task) {
        boolean busy = running.containsKey(task.id())
                || parked.containsKey(task.id())
                || running.values().stream().anyMatch(other -> other.room().equals(task.room()));
        if (!busy) {
            running.put(task.id(), task);
        }
        return !busy;
    }

    synchronized void ended(CompactionTask task) {
        running.remove(task.id());
    }

    synchronized int running() {
        return running.size();
    }

    /** The tasks whose leases are to be renewed: those that run and those that wait for another try. */
    synchronized Set<EntryId> leased() {
        Set<EntryId> ids = new HashSet<>(running.keySet());
        ids.addAll(parked.keySet());
        return ids;
    }

    /** Forgets waiting tasks of {@code asked} that are not {@code held} any more: others will see to them. */
    synchronized void keepLeased(Set<EntryId> asked, Set<EntryId> held) {
        asked.stream()
                .filter(id -> !held.contains(id))
                .map(parked::remove)
                .filter(item -> item != null)
                .forEach(waiting::remove);
    }
}
