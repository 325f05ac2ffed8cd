package dev.weft.chaos;

import dev.weft.storage.StoredVersion;
import dev.weft.yjs.Updates;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * One run: rooms full of people, and faults one after the other, several at a time; then everything is mended, settles, and is looked through.
 *
 * <p>What must hold: while it runs, whoever comes into a room after all others vanished finds all that any of them had got from a server.
 * In the end storage has it too, Redis is empty, and after one more edit of each document storage has one version of each and nothing else.
 */
final class Chaos {
    private static final Duration SETTLE_LIMIT = Duration.ofMinutes(3);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration REPORT = Duration.ofSeconds(10);

    private final ChaosOptions options;
    private final PrintWriter out;
    private final long start = System.nanoTime();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Room.Tally tally = new Room.Tally();
    private final Map<Fault.Kind, Integer> suffered = new EnumMap<>(Fault.Kind.class);
    private final ConcurrentLinkedQueue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
    private final List<Room> rooms = new ArrayList<>();

    Chaos(ChaosOptions options, PrintWriter out) {
        this.options = options;
        this.out = out;
    }

    /** Runs to the end; returns whether nothing was lost and nothing stuck. */
    boolean run() throws Exception {
        say("seed %d, %s, %d clients in %d rooms, %d s of faults; evidence in %s"
                .formatted(
                        options.seed(),
                        options.storage(),
                        options.clients(),
                        options.rooms(),
                        options.duration().toSeconds(),
                        options.folder()));
        try (HttpClient http = HttpClient.newHttpClient();
                Installation weft = new Installation(options)) {
            say("all processes are up");
            List<Thread> crowds = fill(http, weft);
            breakThings(weft);
            stopping.set(true);
            for (Thread crowd : crowds) {
                crowd.join();
            }
            if (failures.isEmpty()) {
                try {
                    lookThrough(weft);
                } catch (RuntimeException e) {
                    failures.add(e);
                }
            }
            report(weft);
            for (RuntimeException failure : failures) {
                keepEvidence(weft, failure);
            }
        }
        return failures.isEmpty();
    }

    private List<Thread> fill(HttpClient http, Installation weft) {
        Random random = new Random(options.seed());
        List<Thread> crowds = new ArrayList<>();
        for (int i = 0; i < options.rooms(); i++) {
            int share = options.clients() / options.rooms() + (i < options.clients() % options.rooms() ? 1 : 0);
            Room room = new Room("room-" + i, Math.max(1, share), random.nextLong(), http, weft::door, stopping, tally);
            rooms.add(room);
            crowds.add(Thread.ofVirtual().name(room.name()).start(() -> {
                try {
                    room.run();
                } catch (RuntimeException e) {
                    failures.add(e);
                    stopping.set(true);
                }
            }));
        }
        return crowds;
    }

    private void breakThings(Installation weft) throws InterruptedException {
        long from = System.nanoTime();
        long reportAt = from + REPORT.toNanos();
        List<Thread> mending = new ArrayList<>();
        for (Fault fault : Fault.schedule(options.seed(), options.duration())) {
            while (System.nanoTime() - from < fault.at().toNanos() && !stopping.get()) {
                Thread.sleep(10);
            }
            if (stopping.get()) {
                break;
            }
            say(fault.toString());
            mending.add(Thread.ofVirtual().name("fault").start(() -> suffer(weft, fault)));
            if (System.nanoTime() > reportAt) {
                reportAt = System.nanoTime() + REPORT.toNanos();
                say(progress());
            }
        }
        for (Thread one : mending) {
            one.join();
        }
        say("all is mended");
    }

    private void suffer(Installation weft, Fault fault) {
        try {
            if (weft.suffer(fault)) {
                synchronized (suffered) {
                    suffered.merge(fault.kind(), 1, Integer::sum);
                }
            }
        } catch (RuntimeException | AssertionError e) {
            failures.add(new StuckException("'" + fault + "' could not be mended: " + e.getMessage()));
            stopping.set(true);
        }
    }

    private void lookThrough(Installation weft) throws Exception {
        settle(weft);
        say("Redis is empty");
        for (Room room : rooms) {
            room.visit();
            byte[] stored = merged(weft.stored(room.name()));
            if (!room.promise().isKeptBy(stored)) {
                throw new LossException(room.name(), room.promise().update(), stored);
            }
        }
        say("every visitor and storage have all");
        rooms.forEach(Room::touch);
        settle(weft);
        long known = 0;
        for (Room room : rooms) {
            List<StoredVersion> versions = weft.stored(room.name());
            known += versions.size();
            if (versions.size() != 1) {
                throw new StuckException(
                        room.name() + " has " + versions.size() + " versions after one more compaction");
            }
            if (!room.promise().isKeptBy(merged(versions))) {
                throw new LossException(room.name(), room.promise().update(), merged(versions));
            }
        }
        if (weft.versions() != known) {
            throw new StuckException(
                    "storage holds " + weft.versions() + " versions, of which documents know " + known);
        }
        say("one version of each document, and no orphan");
    }

    private void settle(Installation weft) throws InterruptedException {
        long deadline = System.nanoTime() + SETTLE_LIMIT.toNanos();
        List<String> left = weft.leftInRedis();
        while (!left.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new StuckException(
                        "Redis still has " + left + " " + SETTLE_LIMIT.toSeconds() + " s after the last fault");
            }
            Thread.sleep(LOOK);
            long quarantined = weft.retryQuarantined();
            if (quarantined > 0) {
                say(quarantined + " rooms were in quarantine, and are tried again");
            }
            left = weft.leftInRedis();
        }
    }

    private static byte[] merged(List<StoredVersion> versions) {
        return versions.isEmpty()
                ? Updates.empty()
                : Updates.merge(versions.stream().map(StoredVersion::update).toList());
    }

    private void report(Installation weft) {
        synchronized (suffered) {
            say("faults: %s; %s"
                    .formatted(
                            suffered.entrySet().stream()
                                    .map(entry -> entry.getValue() + " × "
                                            + entry.getKey().text())
                                    .collect(Collectors.joining(", ")),
                            weft.effects()));
        }
        say(progress());
        say(failures.isEmpty() ? "PASSED: nothing was lost, nothing is stuck" : "FAILED");
    }

    private String progress() {
        long heard = rooms.stream().mapToLong(room -> room.promise().updates()).sum();
        return "%,d clients connected %,d times, wrote %,d edits, heard %,d updates; %,d visitors found all"
                .formatted(
                        tally.clients().get(),
                        tally.connects().get(),
                        tally.written().get(),
                        heard,
                        tally.visits().get());
    }

    private void keepEvidence(Installation weft, RuntimeException failure) throws IOException {
        say(String.valueOf(failure.getMessage()));
        Path folder = Files.createDirectories(options.folder().resolve("evidence"));
        if (failure instanceof LossException loss) {
            Files.write(folder.resolve(loss.room() + ".promised.update"), loss.promised());
            Files.write(folder.resolve(loss.room() + ".found.update"), loss.found());
            int number = 0;
            for (StoredVersion version : weft.stored(loss.room())) {
                Files.write(folder.resolve(loss.room() + ".stored-" + ++number + ".update"), version.update());
            }
        }
        weft.dumpRedis(folder.resolve("redis.txt"));
        say("evidence: %s, and logs beside it; again: ./weft chaos --seed %d --storage %s"
                .formatted(folder, options.seed(), options.storage().name().toLowerCase(Locale.ROOT)));
    }

    private void say(String line) {
        out.println(String.format("%7.1f  ", (System.nanoTime() - start) / 1e9) + line);
        out.flush();
    }
}
