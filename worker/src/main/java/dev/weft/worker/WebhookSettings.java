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
 */
record WebhookSettings(URI callback, Duration timeout, Optional<WebhookSecret> secret) {
    /** Empty if there is no callback. */
    static Optional<WebhookSettings> from(Settings settings) {
        Optional<URI> callback = settings.value(
                "YDOC_UPDATE_CALLBACK", "an address such as https://host/ydoc", WebhookSettings::address);
        Duration timeout = settings.millis("YDOC_UPDATE_TIMEOUT", Duration.ofSeconds(10), Duration.ofMillis(100));
        Optional<WebhookSecret> secret = settings.value(
                "YDOC_UPDATE_SECRET", "at least 16 characters, such as openssl rand -hex 32 prints", WebhookSecret::of);
        return callback.map(address -> new WebhookSettings(address, timeout, secret));
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
