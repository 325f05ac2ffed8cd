package dev.weft.benchmarks.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** Many clients, who come in some at a time. For one thread. */
final class Crowd implements AutoCloseable {
    private static final int SAY_EACH = 2_000;
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final int atOneTime;
    private final Progress progress;
    private final List<RoomClient> clients = new ArrayList<>();

    /** @param atOneTime how many may be on their way in */
    Crowd(int atOneTime, Progress progress) {
        this.atOneTime = atOneTime;
        this.progress = progress;
    }

    /**
     * Lets them in and waits until all are synchronised.
     *
     * @param dial starts the way in of the one with that number
     * @return those that came in now
     * @throws LoadException if one is refused
     */
    List<RoomClient> enter(int count, IntFunction<CompletableFuture<RoomClient>> dial) {
        Semaphore doors = new Semaphore(atOneTime);
        AtomicReference<Throwable> refused = new AtomicReference<>();
        List<CompletableFuture<RoomClient>> coming = new ArrayList<>();
        for (int i = 0; i < count && refused.get() == null; i++) {
            doors.acquireUninterruptibly();
            coming.add(dial.apply(i).whenComplete((client, failure) -> {
                if (failure != null) {
                    refused.compareAndSet(null, failure);
                }
                doors.release();
            }));
            if ((i + 1) % SAY_EACH == 0) {
                progress.say((i + 1) + " of " + count + " connected");
            }
        }
        List<RoomClient> entered = new ArrayList<>();
        for (CompletableFuture<RoomClient> one : coming) {
            one.handle((client, failure) -> Optional.ofNullable(client)).join().ifPresent(entered::add);
        }
        clients.addAll(entered);
        Throwable why = refused.get();
        if (why != null) {
            throw new LoadException(
                    "a client could not come in after " + clients.size() + " others: " + Failures.message(why), why);
        }
        return entered;
    }

    int size() {
        return clients.size();
    }

    /** Why the first of those ended whose connection ended by itself. */
    Optional<String> ended() {
        return clients.stream().map(RoomClient::ended).flatMap(Optional::stream).findFirst();
    }

    /**
     * Looks every few milliseconds whether something has come about, until it has, or nothing changes for a while, or half a minute is over: a
     * server that is overrun delivers for minutes what nobody waits for any more.
     */
    static void await(Supplier<Boolean> done, Supplier<Long> progressing, long patienceNanos) {
        long last = progressing.get();
        long start = System.nanoTime();
        long since = start;
        while (!done.get()
                && System.nanoTime() - since < patienceNanos
                && System.nanoTime() - start < LONGEST_WAIT_NANOS) {
            LockSupport.parkNanos(PAUSE_NANOS);
            long now = progressing.get();
            if (now != last) {
                last = now;
                since = System.nanoTime();
            }
        }
    }

    /** All leave; waits until their sockets are closed. */
    @Override
    public void close() {
        clients.forEach(RoomClient::close);
        clients.forEach(client -> client.channel().closeFuture().awaitUninterruptibly(10_000));
        clients.clear();
    }
}
