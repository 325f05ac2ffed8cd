package dev.weft.server;

import dev.weft.room.RoomName;
import dev.weft.room.RoomSettings;
import dev.weft.room.Rooms;
import dev.weft.settings.Settings;
import dev.weft.storage.InMemoryStorage;
import dev.weft.testing.TestRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Nodes on one Redis under a prefix of their own, with an integrator's backend beside them. */
final class TestServer implements AutoCloseable {
    final TestKeys keys = new TestKeys();
    final PermissionBackend permissions = new PermissionBackend();
    final InMemoryStorage storage = new InMemoryStorage();
    final String prefix = "t" + UUID.randomUUID().toString().substring(0, 8);

    private final Map<String, String> values = new HashMap<>();
    private final List<WeftServer> servers = new ArrayList<>();
    private final List<Rooms> rooms = new ArrayList<>();
    private final RedisClient redisClient;
    private final StatefulRedisConnection<String, String> redis;

    TestServer(TestRedis redis, Map<String, String> more) {
        redisClient = RedisClient.create(redis.url());
        this.redis = redisClient.connect();
        values.put("REDIS", redis.url());
        values.put("REDIS_PREFIX", prefix);
        values.put("HOST", "127.0.0.1");
        values.put("PORT", "0");
        values.put("AUTH_PUBLIC_KEY", keys.jwk());
        values.put("AUTH_PERM_CALLBACK", permissions.address());
        values.put("AUTH_PERM_TIMEOUT", "1500");
        values.put("CLOSE_SPREAD", "0");
        values.put("CLOSE_DELAY", "300");
        values.putAll(more);
    }

    TestServer(TestRedis redis) {
        this(redis, Map.of());
    }

    /** Starts another node. */
    WeftServer start() {
        Settings settings = Settings.of(values);
        Rooms own = Rooms.connect(RoomSettings.from(settings));
        rooms.add(own);
        WeftServer server = WeftServer.start(settings, storage);
        servers.add(server);
        return server;
    }

    TestClient connect(WeftServer server, String room, String user) {
        return TestClient.connect(server.port(), "/" + room, keys.token(user));
    }

    Settings settings() {
        return Settings.of(values);
    }

    StatefulRedisConnection<String, String> redis() {
        return redis;
    }

    String stream(String room) {
        return prefix + ":room:" + UriComponent.encode(room) + ":index";
    }

    /** Looks at the same rooms as the nodes do; the first exists once a node was started. */
    Rooms rooms(int node) {
        return rooms.get(node);
    }

    long streamLength(String room) {
        return redis.sync().xlen(stream(room));
    }

    byte[] document(String room) {
        return rooms.get(0).assemble(new RoomName(room), storage).update();
    }

    /** A metric's value, or the sum over its tags. */
    static double metric(WeftServer server, String name) {
        double sum = 0;
        for (String line : get(server, "/metrics").body().split("\n", -1)) {
            if (line.startsWith(name + " ") || line.startsWith(name + "{")) {
                sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        return sum;
    }

    static HttpResponse<String> get(WeftServer server, String path) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        servers.forEach(WeftServer::close);
        rooms.forEach(Rooms::close);
        permissions.close();
        redis.close();
        redisClient.shutdown();
    }
}
