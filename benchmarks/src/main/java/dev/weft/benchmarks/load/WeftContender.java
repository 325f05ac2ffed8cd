package dev.weft.benchmarks.load;

import dev.weft.testing.Ports;
import dev.weft.testing.TestRedis;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * Ours: a server of the distribution with the launcher's own flags, a Redis without persistence as the others have it, Postgres, and a backend
 * that is asked for permission at every connection.
 *
 * @param variables of the environment, for the server and its worker; those of a scenario go before them
 */
record WeftContender(WeftServices services, Map<String, String> variables) implements Contender {
    static final String NAME = "weft";
    private static final Pattern READY = Pattern.compile("^ready", Pattern.MULTILINE);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public RunningWeft start(Map<String, String> settings) {
        TestRedis redis = TestRedis.start();
        int port = Ports.free();
        Map<String, String> all = new HashMap<>(variables);
        all.putAll(settings);
        all.put("REDIS", redis.url());
        all.put("POSTGRES", services.database());
        all.put("PORT", Integer.toString(port));
        Program server = services.start("server", all, READY);
        Target target = new Target(
                URI.create("ws://127.0.0.1:" + port),
                Optional.of(services.token()),
                Protocol.Y_WEBSOCKET,
                OptionalLong.of(server.pid()),
                OptionalLong.of(redis.pid()));
        return new RunningWeft(target, server, redis, services, all);
    }

    /** One server and its Redis. */
    record RunningWeft(
            Target target, Program server, TestRedis redis, WeftServices services, Map<String, String> settings)
            implements Running {
        private static final long PATIENCE = TimeUnit.MINUTES.toNanos(2);
        private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
        private static final Duration GIVING_BACK = Duration.ofSeconds(4);

        Program startWorker() {
            return services.start("worker", settings, READY);
        }

        /** With little room beside what lives, or what the heap may still grow by would hide what connections take. */
        @Override
        public void collect() {
            jcmd(server.pid(), "VM.set_flag MinHeapFreeRatio 5");
            jcmd(server.pid(), "VM.set_flag MaxHeapFreeRatio 5");
            collect(server.pid());
            // The server does so every 10 s; what it has not given back yet would count.
            jcmd(server.pid(), "System.trim_native_heap");
            // The collector gives memory back a little later, piece by piece.
            QuietLoad.pause(GIVING_BACK);
        }

        static void collect(long pid) {
            jcmd(pid, "GC.run");
        }

        private static void jcmd(long pid, String command) {
            Shell.run("'" + System.getProperty("java.home") + "/bin/jcmd' " + pid + " " + command);
        }

        /** Brings it, and lets a worker store it, until Redis has nothing of it any more. */
        @Override
        public Held bring(Session session, String room, byte[] document) {
            try (Program worker = startWorker()) {
                Preload.bring(session, room, document).close();
                session.progress().say("waiting until it is stored");
                awaitStored(room, worker);
            }
            return () -> {};
        }

        /** Until Redis has nothing of a room. */
        void awaitStored(String room, Program worker) {
            RedisPort asked = new RedisPort(redis.port());
            long start = System.nanoTime();
            while (asked.hasStream(room)) {
                if (!worker.isAlive() || System.nanoTime() - start > PATIENCE) {
                    throw new LoadException("the worker has not stored " + room + " in two minutes");
                }
                LockSupport.parkNanos(PAUSE);
            }
        }

        @Override
        public void close() {
            server.close();
            redis.close();
        }
    }
}
