package dev.weft.benchmarks.load;

import static dev.weft.benchmarks.load.LoadResult.DELETE_SET;
import static dev.weft.benchmarks.load.LoadResult.FAILED;
import static dev.weft.benchmarks.load.LoadResult.P50;
import static dev.weft.benchmarks.load.LoadResult.P99;
import static dev.weft.benchmarks.load.LoadResult.PEAK;
import static dev.weft.benchmarks.load.LoadResult.PER_CONNECT;
import static dev.weft.benchmarks.load.LoadResult.PER_CONNECTION;
import static dev.weft.benchmarks.load.LoadResult.PER_DELIVERY;
import static dev.weft.benchmarks.load.LoadResult.PER_UPDATE;
import static dev.weft.benchmarks.load.LoadResult.RECEIVED;
import static dev.weft.benchmarks.load.LoadResult.REDIS_PER_UPDATE;
import static dev.weft.benchmarks.load.LoadResult.SERVER_SECONDS;
import static dev.weft.benchmarks.load.LoadResult.SERVER_SHARE;
import static dev.weft.benchmarks.load.LoadResult.WALL;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** All scenarios of the comparison, with the goals of ours. */
final class Scenarios {
    /** A worker stores soon, and Redis forgets soon what is stored. */
    private static final Map<String, String> STORED_SOON =
            Map.of("REDIS_TASK_DEBOUNCE", "500", "REDIS_MIN_MESSAGE_LIFETIME", "1000");

    /** Two hundred updates in a second fall into one compaction, and one at a time shows what one takes. */
    private static final Map<String, String> STORED_AFTER_A_BURST =
            Map.of("REDIS_TASK_DEBOUNCE", "3000", "REDIS_MIN_MESSAGE_LIFETIME", "1000", "WORKER_CONCURRENCY", "1");

    private static final int UPDATE_BYTES = 50;
    private static final int STATE_BYTES = 150;

    private Scenarios() {}

    static List<Scenario> all() {
        return Stream.of(
                        Stream.of(fanOut(), fastFanOut(), presence(), join(), joinStorm(), reconnect()),
                        Stream.of(100, 1_000, 4_000, 9_800).map(Scenarios::rooms),
                        Stream.of(idle(1, 10), idle(1_000, 14), worker(), quiet()))
                .flatMap(some -> some)
                .toList();
    }

    private static Scenario fanOut() {
        return new Scenario(
                "fan-out",
                "500 observers, one writer, 25 updates/s of 50 bytes",
                false,
                Map.of(),
                List.of(Goal.ofBestPeer(PER_DELIVERY, 0.6), Goal.shown(P50), Goal.ofBestPeer(P99, 1)),
                (server, session, effort) -> updates("fan-out", 1, effort.orQuick(500, 50), 25, 25, session, effort));
    }

    private static Scenario fastFanOut() {
        return new Scenario(
                "fast-fan-out",
                "100 observers, one writer, 250 updates/s",
                false,
                Map.of(),
                List.of(Goal.ofBestPeer(PER_DELIVERY, 0.25), Goal.shown(P50), Goal.shown(P99)),
                (server, session, effort) ->
                        updates("fast-fan-out", 1, effort.orQuick(100, 20), 250, 250, session, effort));
    }

    private static Scenario rooms(int rooms) {
        return new Scenario(
                "rooms-" + rooms,
                rooms + " rooms, one writer and one observer each, 200 updates/s in all",
                false,
                Map.of(),
                List.of(
                        Goal.atMost(PER_UPDATE, 150),
                        Goal.atMost(REDIS_PER_UPDATE, 80),
                        Goal.shown(P50),
                        Goal.atMost(P99, 3)),
                (server, session, effort) -> updates(
                        "rooms-" + rooms,
                        effort.quick() ? Math.min(rooms, 200) : rooms,
                        1,
                        200,
                        1_000,
                        session,
                        effort));
    }

    private static LoadResult updates(
            String name,
            int rooms,
            int observers,
            double rate,
            double warmupRate,
            Session session,
            Scenario.Effort effort) {
        if (rooms == 1) {
            warmUp(session, effort);
        }
        UpdatesLoad.Warmup warmup = new UpdatesLoad.Warmup(Duration.ofSeconds(effort.orQuick(20, 2)), warmupRate);
        return new UpdatesLoad(
                        new UpdatesLoad.Options(
                                name,
                                rooms,
                                observers,
                                rate,
                                UPDATE_BYTES,
                                warmup,
                                Duration.ofSeconds(effort.orQuick(20, 3))),
                        session)
                .run();
    }

    /** In one busy room most is done once for each connection: this has compiled, too, what is done once for each message. */
    private static void warmUp(Session session, Scenario.Effort effort) {
        Duration duration = Duration.ofSeconds(effort.orQuick(10, 1));
        UpdatesLoad.Options options = new UpdatesLoad.Options(
                "warm-up", 10, 1, 1_000, UPDATE_BYTES, new UpdatesLoad.Warmup(Duration.ofSeconds(1), 100), duration);
        try (Session before = Session.open(session.target(), 1, 16, session.progress(), Optional.empty())) {
            new UpdatesLoad(options, before).run();
        }
    }

    private static Scenario presence() {
        return new Scenario(
                "presence",
                "500 clients in a room, presence of 150 bytes at 1 Hz",
                false,
                Map.of(),
                List.of(
                        Goal.ofBestPeer(PER_DELIVERY, 0.15),
                        Goal.atMost(SERVER_SHARE, 10),
                        Goal.shown(P50),
                        Goal.atMost(P99, 150)),
                (server, session, effort) -> {
                    warmUp(session, effort);
                    return new PresenceLoad(
                                    new PresenceLoad.Options(
                                            effort.orQuick(500, 50),
                                            1,
                                            STATE_BYTES,
                                            Duration.ofSeconds(effort.orQuick(20, 2)),
                                            Duration.ofSeconds(effort.orQuick(20, 3))),
                                    session)
                            .run();
                });
    }

    private static Scenario join() {
        return new Scenario(
                "join",
                "one client joins a stored document of 20 MB",
                false,
                STORED_SOON,
                List.of(Goal.ofBestPeer(WALL, 0.2), Goal.shown(SERVER_SECONDS)),
                (server, session, effort) ->
                        joins(server, session, effort, 1, effort.orQuick(20, 3), effort.orQuick(20, 3)));
    }

    private static Scenario joinStorm() {
        return new Scenario(
                "join-storm",
                "50 clients join it at once",
                false,
                STORED_SOON,
                List.of(
                        Goal.ofBestPeer(WALL, 0.15),
                        Goal.ofBestPeer(SERVER_SECONDS, 0.1),
                        Goal.atMost(PEAK, 200),
                        Goal.atMost(FAILED, 0)),
                (server, session, effort) -> joins(server, session, effort, effort.orQuick(50, 10), 3, 1));
    }

    private static LoadResult joins(
            Contender.Running server, Session session, Scenario.Effort effort, int clients, int warmups, int rounds) {
        byte[] document = effort.assets().document(effort.quick() ? "sheet-4-fresh" : "sheet-20-fresh");
        String room = session.room(0);
        Contender.Held held = server.bring(session, room, document);
        try {
            return new JoinLoad(new JoinLoad.Options(clients, warmups, rounds, room, document, false), session).run();
        } finally {
            held.close();
        }
    }

    private static Scenario reconnect() {
        return new Scenario(
                "reconnect",
                "a client that has all of a document of 4 MB reconnects",
                false,
                STORED_SOON,
                List.of(
                        new Goal(RECEIVED, 0, Goal.Yardstick.DELETE_SET),
                        Goal.shown(DELETE_SET),
                        Goal.atMost(PER_CONNECT, 1)),
                (server, session, effort) -> {
                    byte[] document = effort.assets().document("sheet-4-churned");
                    String room = session.room(0);
                    Contender.Held held = server.bring(session, room, document);
                    try {
                        int warmups = effort.orQuick(12_000, 30);
                        int rounds = effort.orQuick(1_000, 30);
                        return new ReconnectLoad(new ReconnectLoad.Options(warmups, rounds, room, document), session)
                                .run();
                    } finally {
                        held.close();
                    }
                });
    }

    private static Scenario idle(int rooms, double kilobytes) {
        String name = rooms == 1 ? "idle-one-room" : "idle-many-rooms";
        return new Scenario(
                name,
                "1,000 idle clients in " + (rooms == 1 ? "one room" : "1,000 rooms"),
                false,
                Map.of(),
                List.of(
                        Goal.atMost(PER_CONNECTION, kilobytes),
                        Goal.atMost(PER_CONNECT, 0.5),
                        Goal.shown("server CPU while idle")),
                (server, session, effort) -> {
                    int clients = effort.orQuick(1_000, 100);
                    return new IdleLoad(
                                    new IdleLoad.Options(
                                            clients,
                                            4 * clients,
                                            Math.min(rooms, clients),
                                            effort.orQuick(20_000, 300),
                                            Duration.ofSeconds(effort.orQuick(20, 3)),
                                            server::collect),
                                    session)
                            .run();
                });
    }

    private static Scenario worker() {
        return new Scenario(
                "worker",
                "worker: a stored document of 4 MB and 200 small updates",
                true,
                STORED_AFTER_A_BURST,
                List.of(
                        Goal.atMost(WorkerLoad.CPU, 0.1),
                        Goal.atMost(WorkerLoad.TIMES, 4),
                        Goal.shown(WorkerLoad.PEAK)),
                (server, session, effort) -> new WorkerLoad(
                                (WeftContender.RunningWeft) server,
                                session,
                                effort.assets().document("sheet-4-fresh"),
                                effort.orQuick(10, 2),
                                Duration.ofSeconds(effort.orQuick(130, 1)))
                        .run());
    }

    private static Scenario quiet() {
        return new Scenario(
                "quiet",
                "worker and server without traffic",
                true,
                Map.of(),
                List.of(Goal.atMost(QuietLoad.SERVER, 0.2), Goal.atMost(QuietLoad.WORKER, 0.2)),
                (server, session, effort) -> new QuietLoad(
                                (WeftContender.RunningWeft) server,
                                session,
                                effort.orQuick(2_000, 50),
                                // HotSpot compiles what the work has left it for most of a minute.
                                Duration.ofSeconds(effort.orQuick(60, 3)),
                                Duration.ofSeconds(effort.orQuick(60, 5)))
                        .run());
    }
}
