package dev.weft.worker;

import dev.weft.room.RoomName;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * {@code PUT <callback>/<room>}, with the document as a form whose field {@code ydoc} is an update in encoding V2, as y-redis does it, or as JSON
 * ({@link WebhookFormat}). With a secret it is signed:
 *
 * <pre>
 * Weft-Timestamp: 1763712000
 * Weft-Signature: sha256=&lt;see {@link WebhookSecret}&gt;
 * </pre>
 */
record WebhookRequest(WebhookSettings settings, RoomName room, WebhookBody body) {
    /** The request of one try. */
    HttpRequest at(Instant now) {
        String segment = URLEncoder.encode(room.value(), StandardCharsets.UTF_8).replace("+", "%20");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(settings.callback() + "/" + segment))
                .timeout(settings.timeout())
                .header("Content-Type", body.type())
                .PUT(body.publisher());
        settings.secret().ifPresent(secret -> {
            String time = Long.toString(now.getEpochSecond());
            request.header("Weft-Timestamp", time);
            request.header("Weft-Signature", "sha256=" + secret.sign(time, segment, body.pieces()));
        });
        return request.build();
    }
}
