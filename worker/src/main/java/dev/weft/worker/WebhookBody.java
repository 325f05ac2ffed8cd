package dev.weft.worker;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * What a webhook sends of a document.
 *
 * @param type the media type
 * @param pieces the bytes, in pieces that are not copied; not to be changed
 */
record WebhookBody(String type, List<byte[]> pieces) {
    /** A form as y-redis sends it, with the whole document in encoding V2. */
    static WebhookBody form(byte[] update) {
        String boundary = "weft-" + UUID.randomUUID();
        String head = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"ydoc\"; filename=\"blob\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n";
        String foot = "\r\n--" + boundary + "--\r\n";
        return new WebhookBody("multipart/form-data; boundary=" + boundary, List.of(utf8(head), update, utf8(foot)));
    }

    static WebhookBody json(byte[] json) {
        return new WebhookBody("application/json", List.of(json));
    }

    BodyPublisher publisher() {
        return BodyPublishers.concat(
                pieces.stream().map(BodyPublishers::ofByteArray).toArray(BodyPublisher[]::new));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
