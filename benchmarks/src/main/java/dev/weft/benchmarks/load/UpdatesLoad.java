package dev.weft.benchmarks.load;

import dev.weft.yjs.Message;
import dev.weft.yjs.StateVector;
import dev.weft.yjs.Updates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One writer in each room, and observers: fan-out in one room, or many rooms with few in each. Every observer must receive every update; in the
 * end newcomers must find the text that was written.
 */
final class UpdatesLoad {
    private static final int MOST_NEWCOMERS = 50;

    /**
     * What is asked for.
     *
     * @param observers in each room
     * @param rate updates a second in all rooms together
     * @param bytes of an update
     */
    record Options(
            String scenario, int rooms, int observers, double rate, int bytes, Warmup warmup, Duration duration) {}

    /**
     * What comes before anything is measured.
     *
     * @param rate updates a second
     */
    record Warmup(Duration duration, double rate) {
        int updates() {
            return (int) (duration.toMillis() / 1e3 * rate);
        }
    }

    private final Options options;
    private final Session session;
    private final List<WrittenRoom> rooms = new ArrayList<>();

    /** A room, what was written in it, and who watches. */
    private record WrittenRoom(
            String name, Typist typist, SentLog sent, List<UpdateObserver> observers, List<RoomClient> writer) {
        /** On the senders' loop. */
        void write() {
            byte[] update = typist.type();
            byte[] frame = Message.updateFrame(update);
            sent.add(update);
            writer.getFirst().send(frame);
        }
    }

    UpdatesLoad(Options options, Session session) {
        this.options = options;
        this.session = session;
    }

    LoadResult run() {
        LoadResult.Builder result = new LoadResult.Builder(options.scenario)
                .parameter("rooms", options.rooms)
                .parameter("observers", options.observers)
                .parameter("rate", options.rate)
                .parameter("bytes", options.bytes)
                .parameter("warm-up updates", options.warmup.updates())
                .parameter("seconds", options.duration.toMillis() / 1e3);
        try (Crowd crowd = session.crowd()) {
            enter(crowd);
            session.progress().say("warm-up: " + options.warmup.updates() + " updates");
            write(options.warmup.rate, options.warmup.updates());
            settle();

            int updates = (int) (options.rate * options.duration.toMillis() / 1e3);
            rooms.forEach(room -> room.sent.measureFromNow());
            session.progress().say("measuring: " + updates + " updates in " + options.duration.toSeconds() + " s");
            Usage usage = Usage.start(session.target());
            double before = session.dialer().delivered();
            write(options.rate, updates);
            settle();
            Usage.Spent spent = usage.sinceStart();
            double delivered = session.dialer().delivered() - before;

            result.figure("updates", updates, "")
                    .figure("deliveries", delivered, "")
                    .figure(LoadResult.PER_DELIVERY, spent.serverMicros(delivered), "µs")
                    .figure(LoadResult.PER_UPDATE, spent.serverMicros(updates), "µs")
                    .figure(LoadResult.REDIS_PER_UPDATE, spent.redisMicros(updates), "µs")
                    .figure(LoadResult.SERVER_SHARE, spent.serverPercent(), "%")
                    .latencies(session.dialer().latencies())
                    .surroundings(spent);
            session.saveHistogram();
            check(result, crowd);
        }
        return result.build();
    }

    private void enter(Crowd crowd) {
        Dialer dialer = session.dialer();
        session.progress().say("connecting " + options.rooms * (1 + options.observers) + " clients");
        for (int i = 0; i < options.rooms; i++) {
            rooms.add(new WrittenRoom(
                    session.room(i), new Typist(options.bytes), new SentLog(), new ArrayList<>(), new ArrayList<>()));
        }
        List<RoomClient> writers = crowd.enter(
                options.rooms,
                i -> dialer.join(dialer.senders(), rooms.get(i).name, Greeting.empty(), RoomListener.NONE));
        for (int i = 0; i < options.rooms; i++) {
            rooms.get(i).writer.add(writers.get(i));
        }
        crowd.enter(options.rooms * options.observers, i -> {
            WrittenRoom room = rooms.get(i / options.observers);
            Lane lane = dialer.lane(i);
            UpdateObserver observer = new UpdateObserver(room.sent, room.typist, lane);
            room.observers.add(observer);
            return dialer.join(lane.loop(), room.name, Greeting.empty(), observer);
        });
    }

    private void write(double rate, int count) {
        Pacer.run(rate, count, i -> session.dialer().senders().execute(rooms.get(i % rooms.size())::write));
    }

    /** Until all have all, or nothing more comes. */
    private void settle() {
        session.dialer().senders().submit(() -> {}).syncUninterruptibly();
        long expected = rooms.stream()
                .mapToLong(room -> (long) room.sent.size() * options.observers)
                .sum();
        Dialer dialer = session.dialer();
        Crowd.await(
                () -> dialer.delivered() >= expected,
                dialer::delivered,
                session.patience().toNanos());
    }

    private void check(LoadResult.Builder result, Crowd crowd) {
        crowd.ended().ifPresent(why -> result.failure("a connection ended: " + why));
        int merged = 0;
        for (int i = 0, number = 0; i < rooms.size(); i++) {
            for (UpdateObserver observer : rooms.get(i).observers) {
                int who = number++;
                merged += session.dialer()
                        .lane(who)
                        .loop()
                        .submit(() -> {
                            observer.failure().ifPresent(why -> result.failure("observer " + who + ": " + why));
                            return observer.merged();
                        })
                        .syncUninterruptibly()
                        .getNow();
            }
        }
        result.figure("merged messages", merged, "");
        for (WrittenRoom room : rooms.subList(0, Math.min(rooms.size(), MOST_NEWCOMERS))) {
            newcomer(room, result, crowd);
        }
    }

    /** Somebody who comes in when all is written must find the same document: by state vector and by text. */
    private void newcomer(WrittenRoom room, LoadResult.Builder result, Crowd crowd) {
        Dialer dialer = session.dialer();
        Collector collector = new Collector();
        crowd.enter(1, i -> dialer.join(dialer.lane(0).loop(), room.name, Greeting.empty(), collector));
        byte[] got = collector.document();
        StateVector vector = Updates.stateVector(got);
        if (vector.clock(room.typist.client()) != room.typist.stateVector().clock(room.typist.client())) {
            result.failure(
                    "a newcomer to " + room.name + " got " + vector + " instead of " + room.typist.stateVector());
        } else if (!Typist.textOf(got).equals(room.typist.text())) {
            result.failure("a newcomer to " + room.name + " got another text");
        }
    }
}
