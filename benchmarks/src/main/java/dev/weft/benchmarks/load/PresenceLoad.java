package dev.weft.benchmarks.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.yjs.AwarenessState;
import dev.weft.yjs.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/** Clients in one room who all show where they are, evenly spread over time. In the end everyone must have the last state of everyone. */
final class PresenceLoad {
    /**
     * What is asked for.
     *
     * @param rate states a second of each client
     * @param bytes of a state's JSON
     */
    record Options(int clients, double rate, int bytes, Duration warmup, Duration duration) {}

    private final Options options;
    private final Session session;
    private final long firstClient = ThreadLocalRandom.current().nextLong(1L << 30, 1L << 31);
    private final List<SentLog> sent = new ArrayList<>();
    private final List<PresenceMember> members = new ArrayList<>();
    private List<RoomClient> clients = List.of();

    PresenceLoad(Options options, Session session) {
        this.options = options;
        this.session = session;
    }

    LoadResult run() {
        LoadResult.Builder result = new LoadResult.Builder("presence")
                .parameter("clients", options.clients)
                .parameter("rate", options.rate)
                .parameter("bytes", options.bytes)
                .parameter("warm-up seconds", options.warmup.toSeconds())
                .parameter("seconds", options.duration.toSeconds());
        try (Crowd crowd = session.crowd()) {
            enter(crowd);
            session.progress().say("warm-up");
            send(options.warmup);
            settle();

            session.progress().say("measuring");
            sent.forEach(SentLog::measureFromNow);
            Usage usage = Usage.start(session.target());
            double before = session.dialer().delivered();
            double messages = messages();
            send(options.duration);
            settle();
            Usage.Spent spent = usage.sinceStart();
            double delivered = session.dialer().delivered() - before;

            result.figure("states delivered", delivered, "")
                    .figure("messages", messages() - messages, "")
                    .figure(LoadResult.PER_DELIVERY, spent.serverMicros(delivered), "µs")
                    .figure(LoadResult.SERVER_SHARE, spent.serverPercent(), "%")
                    .figure("Redis CPU", spent.redisMicros(spent.elapsed() / 1e5), "%")
                    .latencies(session.dialer().latencies())
                    .surroundings(spent);
            session.saveHistogram();
            check(result, crowd);
        }
        return result.build();
    }

    private void enter(Crowd crowd) {
        session.progress().say("connecting " + options.clients + " clients");
        Dialer dialer = session.dialer();
        for (int i = 0; i < options.clients; i++) {
            sent.add(new SentLog());
        }
        clients = crowd.enter(options.clients, i -> {
            Lane lane = dialer.lane(i);
            PresenceMember member = new PresenceMember(i, firstClient, sent, lane);
            members.add(member);
            return dialer.join(lane.loop(), session.room(0), Greeting.present(next(i)), member);
        });
    }

    private void send(Duration duration) {
        double perSecond = options.rate * options.clients;
        // Whole rounds, so that in each everyone speaks once.
        int rounds = (int) Math.max(1, Math.rint(options.rate * duration.toMillis() / 1e3));
        Pacer.run(perSecond, rounds * options.clients, i -> {
            int who = i % options.clients;
            RoomClient client = clients.get(who);
            client.channel().eventLoop().execute(() -> client.send(next(who)));
        });
    }

    /** The frame of a client's next state, which is noted as sent. In turn by this thread and by the client's loop. */
    private byte[] next(int who) {
        SentLog log = sent.get(who);
        int clock = log.size() + 1;
        String begin = String.format(
                Locale.ROOT,
                "{\"user\":{\"name\":\"Person %d\",\"color\":\"#30bced\"},\"cursor\":{\"anchor\":%d,\"head\":%d},\"pad\":\"",
                who,
                clock,
                clock + who);
        String pad = "x".repeat(Math.max(0, options.bytes - begin.length() - 2));
        byte[] json = (begin + pad + "\"}").getBytes(UTF_8);
        log.add(json);
        return Message.awarenessFrame(List.of(new AwarenessState(firstClient + who, clock, json)));
    }

    private void settle() {
        Crowd.await(
                () -> missing() == 0,
                session.dialer()::delivered,
                session.patience().toNanos());
    }

    private int missing() {
        int missing = 0;
        for (int i = 0; i < members.size(); i++) {
            PresenceMember member = members.get(i);
            missing += onLane(i, member::missing);
        }
        return missing;
    }

    private long messages() {
        long messages = 0;
        for (int i = 0; i < members.size(); i++) {
            messages += onLane(i, members.get(i)::messages);
        }
        return messages;
    }

    private void check(LoadResult.Builder result, Crowd crowd) {
        crowd.ended().ifPresent(why -> result.failure("a connection ended: " + why));
        for (int i = 0; i < members.size(); i++) {
            PresenceMember member = members.get(i);
            int who = i;
            int missing = onLane(i, member::missing);
            if (missing > 0) {
                result.failure("client " + who + " lacks the last state of " + missing + " others");
            }
            onLane(i, member::failure).ifPresent(why -> result.failure("client " + who + " got " + why));
        }
    }

    private <T> T onLane(int number, java.util.concurrent.Callable<T> question) {
        return session.dialer()
                .lane(number)
                .loop()
                .submit(question)
                .syncUninterruptibly()
                .getNow();
    }
}
