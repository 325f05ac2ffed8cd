package dev.weft.auth;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.settings.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An integrator's backend in small: it issues tokens, answers the servers' permission questions and takes the workers' webhooks. Asked to, it
 * serves a page too. Each request runs on a virtual thread of its own.
 *
 * <table>
 *   <caption>Requests</caption>
 *   <tr><td>{@code GET /auth/token[?userid=…][&mode=read]}</td><td>a token as text, for the browser</td></tr>
 *   <tr><td>{@code GET /auth/perm/<room>/<userid>}</td><td>{@code {"yroom", "yaccess", "yuserid"}}, for the server</td></tr>
 *   <tr><td>{@code PUT /ydoc/<room>}</td><td>a form with the field {@code ydoc}, from the worker</td></tr>
 *   <tr><td>{@code GET /ydoc/<room>}</td><td>what that field had last, for the curious</td></tr>
 * </table>
 *
 * <p>Room and user are percent-encoded as one path segment each.
 */
public final class AuthExample implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AuthExample.class);
    private static final int MAX_WEBHOOK_BYTES = 64 << 20;
    /** Each webhook is held in memory whole, so this many at one time. */
    private static final int WEBHOOKS_AT_ONCE = 2;

    private static final String PAGE_POLICY = "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:;"
            + " style-src 'self' 'unsafe-inline'; frame-ancestors 'none'";

    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore webhookPlaces = new Semaphore(WEBHOOKS_AT_ONCE);
    private final Tokens tokens;
    private final Webhooks webhooks = new Webhooks(Clock.systemUTC());
    private final Optional<Signatures> signatures;

    private AuthExample(HttpServer http, P384Keys keys, Optional<Signatures> signatures) {
        this.http = http;
        this.signatures = signatures;
        this.tokens = new Tokens(keys, Clock.systemUTC());
    }

    /**
     * Starts on {@code HOST} (default 0.0.0.0) and {@code AUTH_PORT} (default 5173; 0 takes a free one), with {@code AUTH_PRIVATE_KEY}.
     * With {@code YDOC_UPDATE_SECRET} it takes only webhooks that are signed.
     *
     * @param pageFolder a built page to serve at {@code /}, with {@code /config.json} that names {@code PORT}, the server's
     * @throws dev.weft.settings.InvalidSettingException if a setting is missing or bad
     * @throws IOException if the port is taken or the page cannot be read
     */
    public static AuthExample start(Settings settings, Optional<Path> pageFolder) throws IOException {
        P384Keys keys = settings.required(
                "AUTH_PRIVATE_KEY", "a P-384 private key as JWK JSON (weft keys makes a pair)", P384Keys::parse);
        String host = settings.text("HOST").orElse("0.0.0.0");
        int port = settings.integer("AUTH_PORT", 5173, 0, 65535);
        int serverPort = settings.integer("PORT", 3002, 0, 65535);
        Optional<PageFiles> page =
                pageFolder.isPresent() ? Optional.of(PageFiles.read(pageFolder.get())) : Optional.empty();

        Optional<Signatures> signatures = settings.value(
                "YDOC_UPDATE_SECRET", "at least 16 characters, the same as the worker's", AuthExample::signatures);
        HttpServer http = HttpServer.create(new InetSocketAddress(host, port), 0);
        AuthExample example = new AuthExample(http, keys, signatures);
        example.handle("/auth/token", example::token);
        example.handle("/auth/perm/", example::permission);
        example.handle("/ydoc/", example::document);
        if (page.isPresent()) {
            example.handle("/", exchange -> file(page.get(), exchange));
            example.handle("/config.json", exchange -> config(serverPort, exchange));
        }
        http.setExecutor(example.threads);
        http.start();
        log.info("The auth example listens on port {}", example.port());
        return example;
    }

    public int port() {
        return http.getAddress().getPort();
    }

    /** Stops listening; requests in progress are cut off. */
    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }

    private void token(Exchange exchange) throws IOException {
        // A page of any origin may fetch a token from this example. A real backend names its own origins.
        Headers headers = exchange.http().getResponseHeaders();
        headers.set("Access-Control-Allow-Origin", "*");
        headers.set("Cache-Control", "no-store");
        if (exchange.http().getRequestMethod().equals("OPTIONS")) {
            headers.set("Access-Control-Allow-Headers", "*");
            exchange.text(204, "");
            return;
        }
        boolean reading = exchange.parameter("mode").filter("read"::equals).isPresent();
        exchange.text(200, tokens.issue(exchange.parameter("userid"), reading));
    }

    private void permission(Exchange exchange) throws IOException {
        List<String> path = exchange.segmentsAfter("/auth/perm/");
        if (path.size() != 2 || path.contains("")) {
            exchange.text(404, "ask for /auth/perm/<room>/<userid>, each percent-encoded as one segment");
            return;
        }
        exchange.json(
                200,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("yroom", path.get(0))
                        .put("yaccess", Permissions.access(path.get(1)))
                        .put("yuserid", path.get(1)));
    }

    private void document(Exchange exchange) throws IOException {
        List<String> path = exchange.segmentsAfter("/ydoc/");
        if (path.size() != 1 || path.contains("")) {
            exchange.text(404, "name the room: /ydoc/<room>, percent-encoded as one segment");
        } else if (exchange.http().getRequestMethod().equals("PUT")) {
            take(path.getFirst(), exchange);
        } else {
            Optional<Webhooks.Received> last = webhooks.find(path.getFirst());
            if (last.isEmpty()) {
                exchange.text(404, "no webhook came for this room");
                return;
            }
            exchange.json(
                    200,
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("room", path.getFirst())
                            .put("bytes", last.get().bytes())
                            .put("at", last.get().at().toString())
                            .put("times", last.get().times()));
        }
    }

    private void take(String room, Exchange exchange) throws IOException {
        if (!webhookPlaces.tryAcquire()) {
            exchange.http().getResponseHeaders().set("Retry-After", "1");
            exchange.text(503, "other documents are being received");
            return;
        }
        try {
            Optional<byte[]> body = exchange.body(MAX_WEBHOOK_BYTES);
            if (body.isEmpty()) {
                exchange.text(413, "more than " + MAX_WEBHOOK_BYTES + " bytes");
                return;
            }
            String segment = exchange.http().getRequestURI().getRawPath().substring("/ydoc/".length());
            boolean isForeign = signatures.isPresent()
                    && !signatures
                            .get()
                            .isSigned(
                                    exchange.header("Weft-Timestamp"),
                                    exchange.header("Weft-Signature"),
                                    segment,
                                    body.get());
            if (isForeign) {
                exchange.text(401, "not signed with YDOC_UPDATE_SECRET, or too long ago");
                return;
            }
            Optional<byte[]> update = MultipartForm.field(exchange.header("Content-Type"), body.get(), "ydoc");
            if (update.isEmpty()) {
                exchange.text(400, "the form has no field ydoc");
                return;
            }
            webhooks.receive(room, update.get());
            exchange.text(204, "");
        } finally {
            webhookPlaces.release();
        }
    }

    private static Signatures signatures(String secret) {
        if (secret.length() < 16) {
            throw new IllegalArgumentException("too short");
        }
        return new Signatures(secret, Clock.systemUTC());
    }

    private static void file(PageFiles page, Exchange exchange) throws IOException {
        Optional<PageFiles.PageFile> found =
                page.find(exchange.http().getRequestURI().getPath());
        if (found.isEmpty()) {
            exchange.text(404, "not here");
            return;
        }
        PageFiles.PageFile file = found.get();
        boolean compressed =
                file.gzip().isPresent() && exchange.header("Accept-Encoding").contains("gzip");
        Headers headers = exchange.http().getResponseHeaders();
        headers.set("Cache-Control", file.forever() ? "public, max-age=31536000, immutable" : "no-cache");
        headers.set("Content-Security-Policy", PAGE_POLICY);
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Vary", "Accept-Encoding");
        if (compressed) {
            headers.set("Content-Encoding", "gzip");
        }
        exchange.answer(200, file.type(), compressed ? file.gzip().get() : file.bytes());
    }

    private static void config(int serverPort, Exchange exchange) throws IOException {
        exchange.http().getResponseHeaders().set("Cache-Control", "no-store");
        exchange.json(200, JsonNodeFactory.instance.objectNode().put("websocketPort", serverPort));
    }

    /** Answers bad input with 400 and its reason, and other faults with 500 and a line in the log. */
    private void handle(String path, Handler handler) {
        http.createContext(path, request -> {
            try (request) {
                answer(request, handler);
            }
        });
    }

    private static void answer(HttpExchange request, Handler handler) throws IOException {
        try {
            handler.handle(new Exchange(request));
        } catch (IllegalArgumentException e) {
            new Exchange(request).text(400, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            log.error("{} {} failed", request.getRequestMethod(), request.getRequestURI(), e);
            new Exchange(request).text(500, "a fault of this example; its log says more");
        }
    }

    @FunctionalInterface
    private interface Handler {
        void handle(Exchange exchange) throws IOException;
    }
}
