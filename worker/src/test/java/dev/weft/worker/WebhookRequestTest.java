package dev.weft.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.room.RoomName;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WebhookRequestTest {
    private static final WebhookBody BODY = new WebhookBody(
            "text/plain", List.of("the ".getBytes(StandardCharsets.UTF_8), "body".getBytes(StandardCharsets.UTF_8)));

    @Test
    void callIsSignedWithTimeRoomAndBody() {
        HttpRequest request = request(Optional.of(WebhookSecret.of("a secret of 26 characters.")));
        assertThat(request.uri()).hasToString("https://host/ydoc/team%2Fplan%201");
        assertThat(request.headers().firstValue("Weft-Timestamp")).contains("1763712000");
        // printf '%s' '1763712000.team%2Fplan%201.the body' | openssl dgst -sha256 -hmac 'a secret of 26 characters.'
        assertThat(request.headers().firstValue("Weft-Signature"))
                .contains("sha256=dba980b2e345ba3ab95bfa30a9a01ed68142eb7f52b9ee9baa51000c8811ffda");
    }

    @Test
    void callWithoutASecretIsNotSigned() {
        assertThat(request(Optional.empty()).headers().map()).containsOnlyKeys("Content-Type");
    }

    private static HttpRequest request(Optional<WebhookSecret> secret) {
        WebhookSettings settings = new WebhookSettings(
                URI.create("https://host/ydoc"), Duration.ofSeconds(1), secret, WebhookFormat.UPDATE);
        return new WebhookRequest(settings, new RoomName("team/plan 1"), BODY).at(Instant.ofEpochSecond(1763712000));
    }
}
