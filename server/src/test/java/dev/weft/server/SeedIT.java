package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.testing.TestRedis;
import dev.weft.yjs.Message;
import dev.weft.yjs.StateVector;
import dev.weft.yjs.Updates;
import dev.weft.yjs.UpdatesV2;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Rooms get their first content from the integrator's backend. */
@ExtendWith(LeakCheck.class)
class SeedIT {
    private final AtomicInteger asked = new AtomicInteger();
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer backend;
    private TestServer system;

    @BeforeEach
    void start() throws IOException {
        backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        backend.setExecutor(threads);
        backend.createContext("/seed/", this::answer);
        backend.start();
        String address = "http://127.0.0.1:" + backend.getAddress().getPort() + "/seed/";
        system = new TestServer(TestRedis.shared(), Map.of("YDOC_SEED_CALLBACK", address, "YDOC_SEED_TIMEOUT", "1500"));
    }

    @AfterEach
    void stop() {
        system.close();
        backend.stop(0);
        threads.shutdownNow();
    }

    /** By the room's name. Every answer with content has another author, so that a second one would be seen. */
    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        paths.add(path);
        int call = asked.incrementAndGet();
        byte[] content = TestUpdates.typed(call, 0, "template");
        switch (path.substring("/seed/".length())) {
            case "blank" -> send(exchange, 204, new byte[0]);
            case "unknown" -> send(exchange, 404, "no template".getBytes(StandardCharsets.UTF_8));
            case "broken" -> send(exchange, 200, new byte[] {7, 7, 7});
            case "outage" -> send(exchange, call == 1 ? 500 : 200, content);
            case "silence" -> {
                if (call > 1) {
                    send(exchange, 200, content);
                }
            }
            case "second" -> {
                exchange.getResponseHeaders().set(SeedClient.ENCODING, "v2");
                send(exchange, 200, UpdatesV2.fromV1(content));
            }
            default -> send(exchange, 200, content);
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Test
    void allWhoComeFirstToARoomGetOneSeed() {
        List<WeftServer> nodes = List.of(system.start(), system.start());
        List<TestClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                clients.add(system.connect(nodes.get(i % 2), "team/new", i % 3 == 0 ? "reader" + i : "user" + i));
            }
            clients.forEach(client -> client.join(StateVector.empty()));
            byte[] seed = TestUpdates.typed(1, 0, "template");
            for (TestClient client : clients) {
                client.awaitHas(seed);
                assertThat(Updates.stateVector(client.document())).isEqualTo(Updates.stateVector(seed));
            }
            assertThat(paths).containsExactly("/seed/team%2Fnew");
            assertThat(system.streamLength("team/new")).isOne();
        } finally {
            clients.forEach(TestClient::close);
        }
    }

    @Test
    void seedInEncodingV2IsTaken() {
        try (TestClient client = system.connect(system.start(), "second", "ann").join()) {
            assertThat(client.has(TestUpdates.typed(1, 0, "template"))).isTrue();
        }
    }

    @Test
    void roomMayBeginEmpty() {
        WeftServer server = system.start();
        try (TestClient blank = system.connect(server, "blank", "ann").join();
                TestClient unknown = system.connect(server, "unknown", "ann").join()) {
            assertThat(blank.document()).isEqualTo(Updates.empty());
            assertThat(unknown.document()).isEqualTo(Updates.empty());
        }
    }

    /** To someone who found the room empty and wrote, it would stay without its content for ever. */
    @Test
    void visitorsComeBackWhileTheBackendCannotSay() {
        WeftServer server = system.start();
        for (String room : List.of("outage", "silence")) {
            asked.set(0);
            try (TestClient early = system.connect(server, room, "ann")) {
                early.send(new Message.SyncStep1(StateVector.empty()));
                early.awaitClosed();
                assertThat(early.closeCode()).isEqualTo(1013);
            }
            try (TestClient later = system.connect(server, room, "ann").join()) {
                assertThat(later.has(TestUpdates.typed(2, 0, "template"))).isTrue();
            }
        }
        assertThat(TestServer.metric(server, "weft_joins_failed_total")).isEqualTo(2);
    }

    @Test
    void malformedSeedIsRefused() {
        try (TestClient client = system.connect(system.start(), "broken", "ann")) {
            client.send(new Message.SyncStep1(StateVector.empty()));
            await().atMost(TestClient.LIMIT).until(client::isClosed);
            assertThat(client.closeCode()).isEqualTo(1013);
            assertThat(system.streamLength("broken")).isZero();
        }
    }
}
