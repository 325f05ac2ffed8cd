package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.auth0.jwt.JWT;
import dev.weft.testing.TestRedis;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // Set before all tests.
class UpgradeIT {
    private static final String HANDSHAKE = String.join(
            "\r\n",
            "Host: x",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            "");

    private TestServer system;
    private WeftServer server;

    @BeforeAll
    void start() {
        system = new TestServer(TestRedis.shared(), Map.of("HTTP_TIMEOUT", "500", "MAX_UPGRADES", "2"));
        server = system.start();
    }

    @AfterAll
    void stop() {
        system.close();
    }

    @ParameterizedTest
    @CsvSource({
        "writer, 101",
        "reader, 101",
        "stranger, 403",
        "nobody, 403",
        "outage, 503",
        "riddle, 503",
        "elsewhere, 503",
        "somebody, 503",
        "redirect, 503",
        "flood, 503",
        "silence, 503",
    })
    void answerOfTheBackendDecides(String user, int status) throws IOException {
        String answer = ask("GET /room?yauth=" + system.keys.token(user) + " HTTP/1.1\r\n" + HANDSHAKE);
        assertThat(answer).startsWith("HTTP/1.1 " + status);
        assertThat(answer.contains("retry-after")).isEqualTo(status == 503);
    }

    @Test
    void missingBadAndExpiredTokensAre401() throws IOException {
        assertThat(TestClient.refused(server.port(), "/room")).isEqualTo(401);
        assertThat(TestClient.refused(server.port(), "/room?yauth=")).isEqualTo(401);
        assertThat(TestClient.refused(server.port(), "/room?yauth=bad")).isEqualTo(401);
        String expired = system.keys.sign(
                JWT.create().withClaim("yuserid", "ann").withClaim("exp", System.currentTimeMillis() - 1));
        assertThat(ask("GET /room?yauth=" + expired + " HTTP/1.1\r\n" + HANDSHAKE))
                .startsWith("HTTP/1.1 401")
                .contains("expired");
    }

    @Test
    void addressWithoutARoomIs400() {
        assertThat(TestClient.refused(server.port(), "/?yauth=x")).isEqualTo(400);
        assertThat(TestClient.refused(server.port(), "/%ff?yauth=x")).isEqualTo(400);
        assertThat(TestClient.refused(server.port(), "/" + "a".repeat(513))).isEqualTo(414);
    }

    @Test
    void subprotocolCarriesTheTokenAndIsEchoed() {
        String token = system.keys.token("ann");
        try (TestClient client = TestClient.connectBySubprotocol(server.port(), "/room", token)) {
            assertThat(client.subprotocol()).isEqualTo("yauth-" + token);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/a/b/c, a/b/c, a%2Fb%2Fc",
        "/my%20room, my room, my%20room",
        "/100%25, 100%, 100%25",
        "/%F0%9F%8E%89, 🎉, %F0%9F%8E%89",
    })
    void roomNamesReachBackendAndRedisAsTheClientMeansThem(String path, String room, String segment) {
        byte[] update = TestUpdates.typed(1, 0, "x");
        try (TestClient client = TestClient.connect(server.port(), path, system.keys.token("ann"))
                .join()) {
            client.update(update);
            client.awaitHas(update);
        }
        assertThat(system.permissions.paths()).contains("/perm/" + segment + "/ann");
        assertThat(system.streamLength(room)).isEqualTo(1);
    }

    @Test
    void percentThatIsNoEscapeStandsForItself() throws IOException {
        String answer = ask("GET /50%?yauth=" + system.keys.token("ann") + " HTTP/1.1\r\n" + HANDSHAKE);
        assertThat(answer).startsWith("HTTP/1.1 101");
        assertThat(system.permissions.paths()).contains("/perm/50%25/ann");
    }

    @Test
    void moreUpgradesAtOnceThanAllowedAreRefused() throws IOException {
        String silent = "?yauth=" + system.keys.token("silence") + " HTTP/1.1\r\n" + HANDSHAKE;
        List<Socket> waiting = new ArrayList<>();
        try {
            int asked = system.permissions.paths().size();
            for (int i = 0; i < 2; i++) {
                // Of two rooms, because those who ask the same share the question.
                waiting.add(send("GET /room" + i + silent));
            }
            await().until(() -> system.permissions.paths().size() == asked + 2);
            assertThat(ask("GET /room?yauth=" + system.keys.token("ann") + " HTTP/1.1\r\n" + HANDSHAKE))
                    .startsWith("HTTP/1.1 503")
                    .contains("retry-after");
            for (Socket socket : waiting) {
                assertThat(readToEnd(socket)).startsWith("HTTP/1.1 503");
            }
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /room HTTP/1.1\r\nHost: x\r\n|426",
                "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n|404",
                "POST /room HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n|405",
                "nonsense\r\n|400",
                "GET /room HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n|400",
            })
    void otherRequestsAreToldWhatToDo(String requestAndStatus) throws IOException {
        String[] parts = requestAndStatus.split("\\|", -1);
        assertThat(ask(parts[0])).startsWith("HTTP/1.1 " + parts[1]);
    }

    @Test
    void otherVersionsOfTheProtocolAreToldWhichOneIsSpoken() throws IOException {
        assertThat(ask("GET /room HTTP/1.1\r\n" + HANDSHAKE.replace("Version: 13", "Version: 8")))
                .startsWith("HTTP/1.1 426")
                .contains("sec-websocket-version: 13");
    }

    @Test
    void endlessAddressIsRefused() throws IOException {
        assertThat(ask("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\n" + HANDSHAKE))
                .startsWith("HTTP/1.1 414");
    }

    @Test
    void clientThatDribblesItsRequestIsCutOff() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write("GET /room HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
            // Whatever it still sends, the request has its deadline from the first byte on.
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void healthSpeaksOfRedisAndConnections() {
        try (TestClient client = system.connect(server, "health-room", "ann").join()) {
            HttpResponse<String> health = TestServer.get(server, "/health");
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body()).contains("\"redis\":\"ok\"").containsPattern("\"connections\":[1-9]");
            assertThat(client.isClosed()).isFalse();
        }
    }

    @Test
    void metricsCountRefusalsByReason() {
        double before = TestServer.metric(server, "weft_upgrades_refused_total");
        TestClient.refused(server.port(), "/room?yauth=bad");
        assertThat(TestServer.metric(server, "weft_upgrades_refused_total")).isEqualTo(before + 1);
    }

    private String ask(String request) throws IOException {
        try (Socket socket = send(request)) {
            if (request.contains("silence")) {
                return readToEnd(socket);
            }
            byte[] buffer = new byte[8192];
            int length = socket.getInputStream().readNBytes(buffer, 0, 12);
            String answer = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
            return answer.endsWith("101") ? answer : answer + readToEnd(socket);
        }
    }

    private Socket send(String request) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private static String readToEnd(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
}
