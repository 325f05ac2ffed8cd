package dev.weft.benchmarks.load;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Clients who come in and do nothing: what their way in costs, what memory they hold, and what the server does while nothing happens. They show
 * no presence, whose renewal would be work.
 */
final class IdleLoad {
    private static final double KILOBYTE = 1024;

    /**
     * What is asked for.
     *
     * @param rooms among which they are spread evenly
     * @param warmups clients who come in and leave before
     * @param hold how long they stay
     * @param collect makes the server give back what memory it does not need, before memory is read; may do nothing
     */
    record Options(int clients, int rooms, int warmups, Duration hold, Runnable collect) {}

    private final Options options;
    private final Session session;

    IdleLoad(Options options, Session session) {
        this.options = options;
        this.session = session;
    }

    LoadResult run() {
        LoadResult.Builder result = new LoadResult.Builder("idle")
                .parameter("clients", options.clients)
                .parameter("rooms", options.rooms)
                .parameter("warm-up connects", options.warmups)
                .parameter("seconds", options.hold.toSeconds());
        session.progress().say("warm-up: " + options.warmups + " clients come and go");
        for (int done = 0; done < options.warmups; done += options.clients) {
            try (Crowd crowd = session.crowd()) {
                enter(crowd, Math.min(options.clients, options.warmups - done));
            }
        }
        QuietLoad.pause(Duration.ofSeconds(1));
        options.collect.run();
        long before = resident();
        try (Crowd crowd = session.crowd()) {
            session.progress().say("connecting " + options.clients + " clients");
            Usage connecting = Usage.start(session.target());
            enter(crowd, options.clients);
            Usage.Spent spent = connecting.sinceStart();
            long uncollected = resident();
            options.collect.run();
            long with = resident();
            session.progress().say("idle for " + options.hold.toSeconds() + " s");
            Usage idle = Usage.start(session.target());
            QuietLoad.pause(options.hold);
            Usage.Spent idling = idle.sinceStart();
            if (session.target().server().isPresent()) {
                result.figure(
                                LoadResult.PER_CONNECT,
                                spent.serverMicros(options.clients).getAsDouble() / 1e3,
                                "ms")
                        .figure("RSS before", before / KILOBYTE / KILOBYTE, "MB")
                        .figure(LoadResult.PER_CONNECTION, (with - before) / KILOBYTE / options.clients, "KB")
                        .figure("the same, uncollected", (uncollected - before) / KILOBYTE / options.clients, "KB")
                        .figure("server CPU while idle", idling.serverPercent(), "%");
            }
            result.surroundings(spent);
            crowd.ended().ifPresent(why -> result.failure("a connection ended: " + why));
        }
        return result.build();
    }

    private void enter(Crowd crowd, int count) {
        Dialer dialer = session.dialer();
        crowd.enter(
                count,
                i -> dialer.join(
                        dialer.lane(i).loop(), session.room(i % options.rooms), Greeting.empty(), RoomListener.NONE));
    }

    private long resident() {
        OptionalLong server = session.target().server();
        return server.isPresent() ? new ProcessMeter(server.getAsLong()).residentBytes() : 0;
    }
}
