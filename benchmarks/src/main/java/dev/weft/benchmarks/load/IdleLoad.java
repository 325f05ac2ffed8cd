package dev.weft.benchmarks.load;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Clients who come in and do nothing. First many come and go, so that everything is compiled, and what a server needs only once is there. Then
 * what the way in costs, and what the server does while nothing happens; and memory: several times as many come, and what these add is what connections hold,
 * because to what they add much else that a process has is little. They show no presence, whose renewal would be work.
 */
final class IdleLoad {
    private static final double KILOBYTE = 1024;

    /**
     * What is asked for.
     *
     * @param rooms among which they are spread evenly
     * @param more who come for the measurement of memory; none: no measurement
     * @param warmups clients who come in and leave before anything is measured
     * @param hold how long they stay
     * @param collect makes the server give back what memory it does not need, before memory is read; may do nothing
     */
    record Options(int clients, int more, int rooms, int warmups, Duration hold, Runnable collect) {}

    private final Options options;
    private final Session session;

    IdleLoad(Options options, Session session) {
        this.options = options;
        this.session = session;
    }

    LoadResult run() {
        LoadResult.Builder result = new LoadResult.Builder("idle")
                .parameter("clients", options.clients)
                .parameter("more clients", options.more)
                .parameter("rooms", options.rooms)
                .parameter("warm-up connects", options.warmups)
                .parameter("seconds", options.hold.toSeconds());
        session.progress().say("warm-up: " + options.warmups + " clients come and go");
        for (int done = 0; done < options.warmups; done += options.clients) {
            try (Crowd crowd = session.crowd()) {
                enter(crowd, Math.min(options.clients, options.warmups - done), 0);
            }
        }
        QuietLoad.pause(Duration.ofSeconds(1));
        work(result);
        if (options.more > 0) {
            memory(result);
        }
        return result.build();
    }

    private void memory(LoadResult.Builder result) {
        try (Crowd crowd = session.crowd()) {
            session.progress().say("connecting " + options.clients + " clients, and " + options.more + " more");
            enter(crowd, options.clients, 0);
            options.collect.run();
            double first = resident();
            enter(crowd, options.more, options.rooms == 1 ? 0 : options.rooms);
            options.collect.run();
            double second = resident();
            if (session.target().server().isPresent()) {
                result.figure(LoadResult.PER_CONNECTION, (second - first) / KILOBYTE / options.more, "KB")
                        .figure("RSS with all", second / KILOBYTE / KILOBYTE, "MB");
            }
            crowd.ended().ifPresent(why -> result.failure("a connection ended: " + why));
        }
    }

    private void work(LoadResult.Builder result) {
        try (Crowd crowd = session.crowd()) {
            session.progress().say("connecting " + options.clients + " clients");
            Usage connecting = Usage.start(session.target());
            enter(crowd, options.clients, 0);
            Usage.Spent spent = connecting.sinceStart();
            session.progress().say("idle for " + options.hold.toSeconds() + " s");
            Usage idle = Usage.start(session.target());
            QuietLoad.pause(options.hold);
            Usage.Spent idling = idle.sinceStart();
            OptionalDouble connect = spent.serverMicros(options.clients * 1e3);
            result.figure(LoadResult.PER_CONNECT, connect, "ms")
                    .figure("server CPU while idle", idling.serverPercent(), "%")
                    .surroundings(spent);
            crowd.ended().ifPresent(why -> result.failure("a connection ended: " + why));
        }
    }

    /** As many to a room as the options say. */
    private void enter(Crowd crowd, int count, int firstRoom) {
        Dialer dialer = session.dialer();
        int rooms = Math.max(1, (int) ((long) count * options.rooms / options.clients));
        crowd.enter(
                count,
                i -> dialer.join(
                        dialer.lane(i).loop(),
                        session.room(firstRoom + i % (options.rooms == 1 ? 1 : rooms)),
                        Greeting.empty(),
                        RoomListener.NONE));
    }

    private long resident() {
        OptionalLong server = session.target().server();
        return server.isPresent() ? new ProcessMeter(server.getAsLong()).residentBytes() : 0;
    }
}
