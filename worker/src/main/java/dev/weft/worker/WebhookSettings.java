package dev.weft.worker;

import dev.weft.settings.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Where and how changed documents are sent.
 *
 * @param callback the address, without a slash at its end ({@code YDOC_UPDATE_CALLBACK})
 * @param timeout how long the receiver may take for one ({@code YDOC_UPDATE_TIMEOUT})
 * @param secret signs them ({@code YDOC_UPDATE_SECRET})
 * @param format what they say ({@code YDOC_UPDATE_FORMAT})
 */
record WebhookSettings(URI callback, Duration timeout, Optional<WebhookSecret> secret, WebhookFormat format) {
    /** Empty if there is no callback. */
    static Optional<WebhookSettings> from(Settings settings) {
        Optional<URI> callback = settings.value(
                "YDOC_UPDATE_CALLBACK", "an address such as https://host/ydoc", WebhookSettings::address);
        Duration timeout = settings.millis("YDOC_UPDATE_TIMEOUT", Duration.ofSeconds(10), Duration.ofMillis(100));
        Optional<WebhookSecret> secret = settings.value(
                "YDOC_UPDATE_SECRET", "at least 16 characters, such as openssl rand -hex 32 prints", WebhookSecret::of);
        WebhookFormat format = settings.value(
                        "YDOC_UPDATE_FORMAT",
                        "update or json",
                        text -> WebhookFormat.valueOf(text.toUpperCase(Locale.ROOT)))
                .orElse(WebhookFormat.UPDATE);
        return callback.map(address -> new WebhookSettings(address, timeout, secret, format));
    }

    private static URI address(String text) {
        URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new IllegalArgumentException("neither http nor https");
        }
        return uri;
    }
}
