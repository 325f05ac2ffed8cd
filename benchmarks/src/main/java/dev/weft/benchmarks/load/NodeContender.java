package dev.weft.benchmarks.load;

import dev.weft.testing.Ports;
import dev.weft.testing.TestRedis;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server of the Yjs family in Node.js, from npm, as its package starts it. It keeps documents in memory while somebody is there.
 *
 * @param script in {@code src/main/peers}, called with its port and that of Redis
 * @param withRedis whether it gets a Redis
 */
record NodeContender(String name, String script, Protocol protocol, boolean withRedis, Assets assets)
        implements Contender {
    private static final Pattern READY = Pattern.compile("^ready|running at", Pattern.MULTILINE);

    static List<Contender> all(Assets assets) {
        return List.of(
                new NodeContender("y-websocket-server", "y-websocket-server.mjs", Protocol.Y_WEBSOCKET, false, assets),
                new NodeContender("hocuspocus", "hocuspocus.mjs", Protocol.HOCUSPOCUS, false, assets),
                new NodeContender("hocuspocus-redis", "hocuspocus.mjs", Protocol.HOCUSPOCUS, true, assets));
    }

    @Override
    public Running start(Map<String, String> settings) {
        assets.npm().accept(assets.peers());
        TestRedis redis = withRedis ? TestRedis.start() : null;
        int port = Ports.free();
        List<String> command =
                new ArrayList<>(List.of("node", "--expose-gc", "--import", "./collect.mjs", script, "" + port));
        if (redis != null) {
            command.add("" + redis.port());
        }
        Program server = Program.start(
                name,
                command,
                Map.of("HOST", "127.0.0.1", "PORT", "" + port, "NODE_ENV", "production"),
                assets.peers(),
                assets.target().resolve("results").resolve("logs"),
                READY);
        Target target = new Target(
                URI.create("ws://127.0.0.1:" + port),
                Optional.empty(),
                protocol,
                OptionalLong.of(server.pid()),
                redis == null ? OptionalLong.empty() : OptionalLong.of(redis.pid()));
        return new RunningNode(target, server, redis);
    }

    private record RunningNode(
            Target target, Program server, @Nullable TestRedis redis) implements Running {
        @Override
        public void collect() {
            // collect.mjs listens; it says nothing back.
            Shell.run("kill -USR2 " + server.pid() + " && sleep 1");
        }

        @Override
        public Held bring(Session session, String room, byte[] document) {
            return Preload.bring(session, room, document)::close;
        }

        @Override
        public void close() {
            server.close();
            if (redis != null) {
                redis.close();
            }
        }
    }
}
