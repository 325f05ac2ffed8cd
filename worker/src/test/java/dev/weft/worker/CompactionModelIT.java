package dev.weft.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.room.AssembledDocument;
import dev.weft.room.CompactionTask;
import dev.weft.room.EntryId;
import dev.weft.room.MemoryBudget;
import dev.weft.room.RoomName;
import dev.weft.room.RoomSettings;
import dev.weft.room.Rooms;
import dev.weft.room.SampleUpdates;
import dev.weft.room.WorkQueue;
import dev.weft.storage.InMemoryStorage;
import dev.weft.storage.StorageException;
import dev.weft.testing.TestRedis;
import dev.weft.yjs.Contents;
import dev.weft.yjs.Updates;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;

/**
 * Two workers on one room, edits between any two of their steps, crashes at any step, tasks run twice: at every moment every edit is in what
 * storage and stream hold together, and whoever joins gets it. Runs in one thread, in an order drawn from a seed, against a real Redis.
 */
class CompactionModelIT {
    private static final RoomName ROOM = new RoomName("room");

    private final FaultyStorage storage = new FaultyStorage();
    private final Rooms rooms = Rooms.connect(new RoomSettings(
            RedisURI.create(TestRedis.shared().url()),
            "model-" + UUID.randomUUID(),
            Duration.ofMillis(100),
            Duration.ofMillis(100)));
    private final WorkQueue queue = rooms.workQueue("model");
    private final List<byte[]> accepted = new ArrayList<>();
    private final List<CompactionTask> seen = new ArrayList<>();
    private final int[] clocks = new int[4];
    private final long seed = Long.getLong("weft.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private CompactionOptions options = options(0);
    private int depth;

    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @AfterEach
    void close() {
        queue.close();
        rooms.close();
    }

    @RepeatedTest(15)
    void nothingAcceptedIsEverLost() {
        storage.at((document, name) -> interlude());
        // Of half of them the versions are merged as those of a large document are.
        options = options(random.nextBoolean() ? 0 : 64 << 10);
        for (int i = 0; i < 40; i++) {
            act();
            check();
        }
        storage.at((document, name) -> {});
        depth = 9;
        // Undisturbed, all of it reaches storage.
        for (int i = 0; i < 100 && queue.length() > 0; i++) {
            compact();
        }
        assertThat(queue.length()).as("seed %d", seed).isZero();
        check();
        if (!accepted.isEmpty()) {
            assertThat(storage.peek(ROOM.document())).as("seed %d", seed).isNotEmpty();
        }
        assertThat(queue.backlog(ROOM, EntryId.ZERO)).as("seed %d", seed).isEmpty();
        // Whatever it came to: the next edit of a document that is to be one version leaves one.
        options = options(Long.MAX_VALUE);
        append();
        for (int i = 0; i < 100 && queue.length() > 0; i++) {
            compact();
        }
        check();
        assertThat(storage.peek(ROOM.document())).as("seed %d", seed).hasSize(1);
    }

    private static CompactionOptions options(long small) {
        return new CompactionOptions(
                GarbagePolicy.EVERYWHERE, new VersionPolicy(3, small, Duration.ofDays(1)), Patience.NONE);
    }

    private void act() {
        switch (random.nextInt(6)) {
            case 0, 1 -> append();
            case 2, 3 -> compact();
            case 4 -> join();
            default -> again();
        }
    }

    /** Between two steps of a compaction. */
    private void interlude() {
        check();
        if (depth < 3 && random.nextInt(3) == 0) {
            act();
        }
        check();
        switch (random.nextInt(12)) {
            case 0 -> throw new Crash();
            case 1 -> throw new StorageException("played");
            default -> {}
        }
    }

    private void append() {
        int client = random.nextInt(clocks.length);
        String text = "x".repeat(1 + random.nextInt(random.nextInt(20) == 0 ? 30_000 : 5));
        byte[] update = SampleUpdates.typed(client + 1, clocks[client], text);
        // Now and then an edit whose predecessor is never seen: it has to be kept behind the gap.
        clocks[client] += text.length() + (random.nextInt(10) == 0 ? 1 : 0);
        rooms.append(ROOM, update)
                .toCompletableFuture()
                .orTimeout(5, TimeUnit.SECONDS)
                .join();
        accepted.add(update);
    }

    /** Whoever joins gets all that was accepted before, whatever workers do between its two reads. */
    private void join() {
        List<byte[]> before = List.copyOf(accepted);
        depth++;
        try {
            Contents joined = Contents.of(rooms.assemble(ROOM, storage).update());
            for (byte[] update : before) {
                assertThat(joined.covers(update)).as("seed %d", seed).isTrue();
            }
        } catch (Crash | StorageException e) {
            // It tries again.
        } finally {
            depth--;
        }
    }

    private void compact() {
        List<EntryId> taken = queue.take(10, Duration.ofMillis(1));
        List<CompactionTask> tasks = new ArrayList<>(queue.claim(taken));
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(150);
        while (tasks.isEmpty() && queue.length() > 0 && System.nanoTime() < end) {
            tasks.addAll(queue.claimOverdue(5));
            Thread.onSpinWait();
        }
        seen.addAll(tasks);
        tasks.forEach(this::run);
    }

    /** A worker that lost its lease long ago, and does not know. */
    private void again() {
        if (!seen.isEmpty()) {
            run(seen.get(random.nextInt(seen.size())));
        }
    }

    private void run(CompactionTask task) {
        depth++;
        try {
            new Compaction(rooms, queue, storage, options, new MemoryBudget(1 << 30), new Compaction.Observer() {})
                    .run(task);
        } catch (Crash | StorageException e) {
            // Its lease will end.
        } finally {
            depth--;
        }
    }

    private void check() {
        List<byte[]> kept = new ArrayList<>();
        // Without a step in between, so that this is one moment.
        AssembledDocument stream = rooms.assemble(ROOM, new InMemoryStorage());
        kept.add(stream.update());
        storage.peek(ROOM.document()).forEach(version -> kept.add(version.update()));
        Contents contents = Contents.of(Updates.merge(kept));
        for (byte[] update : accepted) {
            assertThat(contents.covers(update)).as("seed %d", seed).isTrue();
        }
    }
}
