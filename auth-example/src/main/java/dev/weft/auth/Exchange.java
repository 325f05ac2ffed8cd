package dev.weft.auth;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One request and its answer, in the few words that this example needs. */
record Exchange(HttpExchange http) {

    /** What follows the prefix: each segment decoded by itself, so that an encoded slash stays inside its segment. */
    List<String> segmentsAfter(String prefix) {
        String rest = http.getRequestURI().getRawPath().substring(prefix.length());
        return Arrays.stream(rest.split("/", -1)).map(Exchange::decode).toList();
    }

    Optional<String> parameter(String name) {
        String query = http.getRequestURI().getRawQuery();
        return Stream.of((query == null ? "" : query).split("&", -1))
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8))
                .findFirst();
    }

    String header(String name) {
        return Optional.ofNullable(http.getRequestHeaders().getFirst(name)).orElse("");
    }

    /** The body; empty if it is longer than {@code max} bytes, of which no more than one byte too many is read. */
    Optional<byte[]> body(int max) throws IOException {
        byte[] bytes = http.getRequestBody().readNBytes(max + 1);
        return bytes.length > max ? Optional.empty() : Optional.of(bytes);
    }

    void answer(int status, String type, byte[] bytes) throws IOException {
        http.getResponseHeaders().set("Content-Type", type);
        http.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        boolean head = http.getRequestMethod().equals("HEAD");
        http.sendResponseHeaders(status, head || bytes.length == 0 ? -1 : bytes.length);
        if (!head) {
            http.getResponseBody().write(bytes);
        }
    }

    void text(int status, String text) throws IOException {
        answer(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    void json(int status, Object node) throws IOException {
        answer(status, "application/json", node.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String segment) {
        // URLDecoder is made for forms, where a plus is a blank; in a path it is a plus.
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
