package dev.weft.server;

import dev.weft.settings.Settings;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;

/** Nodes without sockets. */
final class TestNode {
    private static final String JWK = new TestKeys().jwk();

    private TestNode() {}

    static Node of(RoomBackend backend, Executor blocking, Map<String, String> values) {
        return of(backend, blocking, values, System::nanoTime);
    }

    static Node of(RoomBackend backend, Executor blocking, Map<String, String> values, Clock clock) {
        Map<String, String> all = new HashMap<>(
                Map.of("AUTH_PUBLIC_KEY", JWK, "AUTH_PERM_CALLBACK", "http://localhost/perm", "CLOSE_SPREAD", "0"));
        all.putAll(values);
        ServerSettings settings = ServerSettings.from(Settings.of(all));
        ServerMetrics metrics = new ServerMetrics();
        return new Node(
                settings.limits(),
                settings.times(),
                settings.joins(),
                settings.rates(),
                settings.shedding(),
                backend,
                new RoomReader(backend, settings.joins(), metrics),
                blocking,
                new Connections(new AtomicInteger()),
                metrics,
                new OccasionalLog(LoggerFactory.getLogger(TestNode.class), clock),
                clock);
    }
}
