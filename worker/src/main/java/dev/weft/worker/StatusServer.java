package dev.weft.worker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.settings.InvalidSettingException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Answers {@code GET /health} (200, or 503 while Redis does not answer) and {@code GET /metrics} (text for Prometheus). */
final class StatusServer implements AutoCloseable {
    private final HttpServer http;

    /** Listens at once, on all addresses; port 0 takes a free one. */
    StatusServer(int port, BooleanSupplier healthy, Supplier<String> metrics) {
        try {
            http = HttpServer.create(new InetSocketAddress(port), 0);
        } catch (IOException e) {
            throw new InvalidSettingException(
                    "METRICS_PORT", "a port that is free (" + e.getMessage() + ")", Integer.toString(port), e);
        }
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/health", exchange -> {
            boolean well = healthy.getAsBoolean();
            answer(exchange, "/health", well ? 200 : 503, "application/json", "{\"redis\":" + well + "}\n");
        });
        http.createContext(
                "/metrics",
                exchange ->
                        answer(exchange, "/metrics", 200, "text/plain; version=0.0.4; charset=utf-8", metrics.get()));
        http.start();
    }

    int port() {
        return http.getAddress().getPort();
    }

    @Override
    public void close() {
        http.stop(0);
    }

    private static void answer(HttpExchange exchange, String path, int status, String type, String text)
            throws IOException {
        try (exchange) {
            boolean known = exchange.getRequestURI().getPath().equals(path);
            boolean read = exchange.getRequestMethod().equals("GET");
            byte[] body = (known && read ? text : "GET /health or GET /metrics\n").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", known && read ? type : "text/plain; charset=utf-8");
            exchange.sendResponseHeaders(known ? (read ? status : 405) : 404, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
