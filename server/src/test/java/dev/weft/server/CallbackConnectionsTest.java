package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.weft.server.CallbackConnections.Answer;
import dev.weft.testing.Ports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallbackConnectionsTest {
    private static final int MOST = 100;
    private static final String YES = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes";
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final CallbackTester tester = new CallbackTester();
    private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable some : open) {
            some.close();
        }
        tester.close();
    }

    @Test
    void connectionIsKept() throws Exception {
        Backend backend = backend((connection, question) -> YES);
        CallbackConnections client = client(backend.address());
        for (int i = 0; i < 5; i++) {
            assertYes(ask(client, "/a%2Fb/c?d=e"));
        }
        assertThat(backend.connections).hasSize(1);
        assertThat(backend.questions)
                .hasSize(5)
                .allSatisfy(question -> assertThat(question)
                        .startsWith("GET /a%2Fb/c?d=e HTTP/1.1\n")
                        .containsIgnoringCase("\nhost: " + backend.address().substring("http://".length()) + "\n")
                        .containsIgnoringCase("\naccept: text/plain\n"));
    }

    /** As after a restart of the backend: the connection seems to be there until it is used. */
    @Test
    void questionIsAskedAgainIfAKeptConnectionBreaksUnderIt() throws Exception {
        Backend backend = backend((connection, question) -> connection == 0 && question == 1 ? null : YES);
        CallbackConnections client = client(backend.address());
        assertYes(ask(client, "/"));
        assertYes(ask(client, "/"));
        assertThat(backend.connections).hasSize(2);
    }

    @Test
    void questionIsNotAskedAgainOnANewConnection() {
        Backend backend = backend((connection, question) -> null);
        assertThatThrownBy(() -> ask(client(backend.address()), "/")).isInstanceOf(IOException.class);
        assertThat(backend.questions).hasSize(1);
    }

    @Test
    void connectionThatTheBackendDoesNotKeepIsNotUsedAgain() throws Exception {
        Backend backend = backend(
                (connection, question) -> "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\nyes");
        CallbackConnections client = client(backend.address());
        assertYes(ask(client, "/"));
        assertYes(ask(client, "/"));
        assertThat(backend.connections).hasSize(2);
        assertThat(backend.questions).hasSize(2);
    }

    @Test
    void answerInChunksIsOneAnswer() throws Exception {
        Backend backend = backend((connection, question) ->
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nye\r\n1\r\ns\r\n0\r\n\r\n");
        assertYes(ask(client(backend.address()), "/"));
    }

    @Test
    void whatIsSaidBeforeTheAnswerIsPassedOver() throws Exception {
        Backend backend = backend((connection, question) -> "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + YES);
        CallbackConnections client = client(backend.address());
        assertYes(ask(client, "/"));
        assertYes(ask(client, "/"));
        assertThat(backend.connections).hasSize(1);
    }

    @Test
    void answerThatIsTooLongIsRefused() {
        Backend backend = backend((connection, question) ->
                "HTTP/1.1 200 OK\r\nContent-Length: " + (MOST + 1) + "\r\n\r\n" + "x".repeat(MOST + 1));
        assertThatThrownBy(() -> ask(client(backend.address()), "/")).isInstanceOf(IOException.class);
    }

    @Test
    void answerThatIsNotHttpIsRefused() {
        Backend backend = backend((connection, question) -> "SSH-2.0-OpenSSH\r\n\r\n");
        assertThatThrownBy(() -> ask(client(backend.address()), "/")).isInstanceOf(IOException.class);
    }

    @Test
    void answerThatDoesNotEndIsGivenUpAndItsConnectionIsNotUsedAgain() throws Exception {
        Backend backend = backend(
                (connection, question) -> connection == 0 ? "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nye" : YES);
        CallbackConnections client = client(backend.address(), Duration.ofMillis(300));
        assertThatThrownBy(() -> ask(client, "/")).isInstanceOf(TimeoutException.class);
        assertYes(ask(client, "/"));
    }

    @Test
    void nobodyListens() {
        String address = "http://127.0.0.1:" + Ports.free();
        assertThatThrownBy(() -> ask(client(address), "/")).isInstanceOf(IOException.class);
    }

    @Test
    void nameIsUnknown() {
        assertThatThrownBy(() -> ask(client("http://backend.invalid"), "/")).isInstanceOf(IOException.class);
    }

    @Test
    void tlsTrustsWhatJavaTrustsAndLooksAtTheName(@TempDir Path folder) throws Exception {
        HttpsServer backend = secured(folder);
        assertThatThrownBy(() -> ask(client(address(backend, "localhost")), "/"))
                .isInstanceOf(IOException.class);
        Properties before = (Properties) System.getProperties().clone();
        System.setProperty(
                "javax.net.ssl.trustStore", folder.resolve("keys.p12").toString());
        System.setProperty("javax.net.ssl.trustStorePassword", new String(PASSWORD));
        try {
            assertYes(ask(client(address(backend, "localhost")), "/"));
            // Which the certificate does not name.
            assertThatThrownBy(() -> ask(client(address(backend, "127.0.0.1")), "/"))
                    .isInstanceOf(IOException.class);
        } finally {
            System.setProperties(before);
        }
    }

    private static String address(HttpsServer server, String host) {
        return "https://" + host + ":" + server.getAddress().getPort();
    }

    private HttpsServer secured(Path folder) throws Exception {
        Path keys = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        new String(PASSWORD),
                        "-alias",
                        "backend",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost")
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 3);
            exchange.getResponseBody().write("yes".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        server.start();
        open.add(() -> server.stop(0));
        return server;
    }

    private CallbackConnections client(String address) {
        return client(address, TestClient.LIMIT);
    }

    private CallbackConnections client(String address, Duration timeout) {
        CallbackConnections client = tester.connections(address, timeout, MOST);
        open.add(client);
        return client;
    }

    private Answer ask(CallbackConnections client, String target) throws Exception {
        try {
            return tester.onLoop(loop -> client.get(loop, target, "text/plain"))
                    .get(TestClient.LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private static void assertYes(Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo("yes");
    }

    private Backend backend(Script script) {
        Backend backend = new Backend(script);
        open.add(backend);
        return backend;
    }

    /** What is answered to a question, by the number of the connection and of the question on it; null to hang up. */
    private interface Script {
        @Nullable
        String answer(int connection, int question);
    }

    private static final class Backend implements AutoCloseable {
        private final ServerSocket listening;
        private final Script script;
        private final List<Socket> connections = new CopyOnWriteArrayList<>();
        /** Head by head, with plain line feeds. */
        private final List<String> questions = new CopyOnWriteArrayList<>();

        private Backend(Script script) {
            this.script = script;
            try {
                listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Thread.ofVirtual().start(this::accept);
        }

        private String address() {
            return "http://127.0.0.1:" + listening.getLocalPort();
        }

        private void accept() {
            try {
                while (true) {
                    Socket socket = listening.accept();
                    int number = connections.size();
                    connections.add(socket);
                    Thread.ofVirtual().start(() -> serve(socket, number));
                }
            } catch (IOException e) {
                // The test is over.
            }
        }

        private void serve(Socket socket, int connection) {
            try (socket) {
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
                StringBuilder head = new StringBuilder();
                int question = 0;
                String line;
                while ((line = in.readLine()) != null) {
                    head.append(line).append('\n');
                    if (!line.isEmpty()) {
                        continue;
                    }
                    questions.add(head.toString());
                    head.setLength(0);
                    String answer = script.answer(connection, question++);
                    if (answer == null) {
                        return;
                    }
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                }
            } catch (IOException e) {
                // The client hung up.
            }
        }

        @Override
        public void close() throws IOException {
            listening.close();
            for (Socket socket : connections) {
                socket.close();
            }
        }
    }
}
