package dev.weft.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An integrator's backend that decides by the user's name: {@code reader…} may read, {@code stranger} may not, {@code outage} gets status 500,
 * {@code riddle} an answer that is no JSON, {@code elsewhere} one for another room, {@code redirect} is sent elsewhere, {@code silence} gets no
 * answer, {@code flood} too long a one; everybody else may write, {@code patient} not before the test says so.
 */
final class PermissionBackend implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile CountDownLatch patience = new CountDownLatch(0);

    PermissionBackend() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/perm/", this::answer);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/perm";
    }

    /** From now on {@code patient} waits for this. */
    void patience(CountDownLatch gate) {
        patience = gate;
    }

    /** The paths asked for, as they came. */
    List<String> paths() {
        return paths;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        paths.add(path);
        String[] segments = path.split("/", -1);
        String room = URLDecoder.decode(segments[2].replace("+", "%2B"), StandardCharsets.UTF_8);
        String user = URLDecoder.decode(segments[3].replace("+", "%2B"), StandardCharsets.UTF_8);
        switch (user) {
            case "stranger" -> send(exchange, 403, "");
            case "nobody" -> send(exchange, 200, json(room, "none", user));
            case "outage" -> send(exchange, 500, "");
            case "riddle" -> send(exchange, 200, "<html>");
            case "elsewhere" -> send(exchange, 200, json(room + "2", "rw", user));
            case "somebody" -> send(exchange, 200, json(room, "rw", "else"));
            case "flood" -> send(exchange, 200, "[" + "0,".repeat(100_000) + "0]");
            case "redirect" -> {
                exchange.getResponseHeaders().set("Location", "/perm/" + segments[2] + "/writer");
                send(exchange, 302, "");
            }
            case "silence" -> {
                await(closed);
                exchange.close();
            }
            case "patient" -> {
                await(patience);
                send(exchange, 200, json(room, "rw", user));
            }
            default -> send(exchange, 200, json(room, user.startsWith("reader") ? "readonly" : "rw", user));
        }
    }

    private static void await(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String json(String room, String access, String user) throws IOException {
        return new ObjectMapper().writeValueAsString(Map.of("yroom", room, "yaccess", access, "yuserid", user));
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
