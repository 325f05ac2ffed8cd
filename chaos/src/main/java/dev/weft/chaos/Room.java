package dev.weft.chaos;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * One room and those who write in it. They come, write, break off and come back for some seconds; then all of them vanish at one moment, with
 * all that they know, and a visitor who knows nothing looks whether everything is there that any of them had got from a server. Then the next ones come.
 */
final class Room implements Runnable {
    private static final Duration TICK = Duration.ofMillis(10);
    private static final Duration SHORTEST_SESSION = Duration.ofSeconds(2);
    private static final int LONGER_MILLIS = 6000;
    /** What was written while a server put the document together follows behind it. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final Duration VISIT_LIMIT = Duration.ofMinutes(2);

    private final String name;
    private final int clients;
    private final Random random;
    private final HttpClient http;
    private final Function<String, URI> door;
    private final AtomicBoolean stopping;
    private final Tally tally;
    private final Promise promise = new Promise();

    /** What all rooms did. */
    record Tally(AtomicLong written, AtomicLong connects, AtomicLong clients, AtomicLong visits) {
        Tally() {
            this(new AtomicLong(), new AtomicLong(), new AtomicLong(), new AtomicLong());
        }
    }

    Room(
            String name,
            int clients,
            long seed,
            HttpClient http,
            Function<String, URI> door,
            AtomicBoolean stopping,
            Tally tally) {
        this.name = name;
        this.clients = clients;
        this.random = new Random(seed);
        this.http = http;
        this.door = door;
        this.stopping = stopping;
        this.tally = tally;
    }

    String name() {
        return name;
    }

    Promise promise() {
        return promise;
    }

    @Override
    public void run() {
        while (!stopping.get()) {
            session();
            visit();
        }
    }

    /** A visitor without knowledge finds all that was promised; throws {@link LossException} if not. Blocks. */
    void visit() {
        tally.visits().incrementAndGet();
        long deadline = System.nanoTime() + VISIT_LIMIT.toNanos();
        while (true) {
            Client visitor = newcomer(new Promise());
            try {
                Optional<byte[]> found = look(visitor, deadline);
                if (found.isPresent()) {
                    if (promise.isKeptBy(found.get())) {
                        return;
                    }
                    throw new LossException(name, promise.update(), found.get());
                }
            } finally {
                end(visitor);
            }
            if (System.nanoTime() > deadline) {
                throw new StuckException(
                        "nobody could join room " + name + " within " + VISIT_LIMIT.toSeconds() + " s");
            }
        }
    }

    /** Someone writes one edit and waits until it is in the promise. */
    void touch() {
        long deadline = System.nanoTime() + VISIT_LIMIT.toNanos();
        Client writer = newcomer(promise);
        try {
            while (!writer.isSynced()) {
                tick(writer, deadline);
            }
            writer.edit(random);
            while (!promise.isKeptBy(writer.document()) || !writer.isSynced()) {
                tick(writer, deadline);
            }
        } finally {
            end(writer);
        }
    }

    private void session() {
        List<Client> present = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            present.add(newcomer(promise));
        }
        long end = System.nanoTime() + SHORTEST_SESSION.toNanos() + random.nextInt(LONGER_MILLIS) * 1_000_000L;
        while (System.nanoTime() < end && !stopping.get()) {
            for (int i = 0; i < present.size(); i++) {
                Client client = present.get(i);
                client.live();
                int dice = random.nextInt(2000);
                if (dice < 100) {
                    client.edit(random);
                } else if (dice < 102) {
                    client.leave();
                } else if (dice < 104) {
                    // Whatever it had not sent yet is gone, and is missed by nobody.
                    end(client);
                    present.set(i, newcomer(promise));
                }
            }
            pause();
        }
        present.forEach(this::end);
    }

    /** The visitor's document once it has synchronised and either has all or has waited long enough; empty if its connection broke. */
    private Optional<byte[]> look(Client visitor, long deadline) {
        while (!visitor.isSynced() && System.nanoTime() < deadline) {
            visitor.live();
            pause();
        }
        long patience = System.nanoTime() + GRACE.toNanos();
        while (visitor.isSynced()) {
            byte[] document = visitor.document();
            if (promise.isKeptBy(document) || System.nanoTime() > patience) {
                return Optional.of(document);
            }
            visitor.live();
            pause();
        }
        return Optional.empty();
    }

    private void tick(Client client, long deadline) {
        if (System.nanoTime() > deadline) {
            throw new StuckException(
                    "nobody could write in room " + name + " within " + VISIT_LIMIT.toSeconds() + " s");
        }
        client.live();
        pause();
    }

    private Client newcomer(Promise hears) {
        tally.clients().incrementAndGet();
        return new Client(http, () -> door.apply(name), hears);
    }

    private void end(Client client) {
        client.leave();
        tally.connects().addAndGet(client.connects());
        tally.written().addAndGet(client.written());
    }

    private static void pause() {
        try {
            Thread.sleep(TICK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StuckException("interrupted");
        }
    }
}
