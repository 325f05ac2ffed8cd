package dev.weft.server;

import static org.awaitility.Awaitility.await;

import dev.weft.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** A node whose Redis and storage do as a test says, and clients of it. */
final class PlayedNode implements AutoCloseable {
    final TestKeys keys = new TestKeys();
    final FakeBackend backend = new FakeBackend();

    private final PermissionBackend permissions = new PermissionBackend();
    private final Map<String, String> values;
    private final List<TestClient> clients = new ArrayList<>();
    private @Nullable WeftServer started;

    /** @param values settings beyond those that every test needs */
    PlayedNode(Map<String, String> values) {
        this.values = values;
    }

    WeftServer start(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(Map.of(
                "HOST", "127.0.0.1",
                "PORT", "0",
                "AUTH_PUBLIC_KEY", keys.jwk(),
                "AUTH_PERM_CALLBACK", permissions.address(),
                "CLOSE_SPREAD", "0",
                "CLOSE_DELAY", "0"));
        all.putAll(values);
        all.putAll(more);
        WeftServer server = WeftServer.start(Settings.of(all), backend);
        started = server;
        return server;
    }

    TestClient connect(String user, String room) {
        WeftServer server = started;
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        TestClient client = TestClient.connect(server.port(), "/" + room, keys.token(user));
        clients.add(client);
        return client;
    }

    static ConditionFactory soon() {
        return await().pollInterval(Duration.ofMillis(5)).atMost(TestClient.LIMIT);
    }

    /** Lets through what still waits, and ends everything. */
    @Override
    public void close() {
        clients.forEach(TestClient::close);
        backend.readGate.countDown();
        backend.loadGate.countDown();
        backend.computeGate.countDown();
        if (started != null) {
            started.close();
        }
        permissions.close();
    }
}
