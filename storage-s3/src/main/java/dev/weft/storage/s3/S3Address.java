package dev.weft.storage.s3;

import dev.weft.settings.InvalidSettingException;
import dev.weft.settings.Settings;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the store is and as whom to use it.
 *
 * @param endpoint empty for AWS
 * @param region empty for what the environment says, as the AWS SDK finds it
 * @param keys empty for the credentials that the AWS SDK finds
 */
record S3Address(Optional<URI> endpoint, Optional<String> region, String bucket, Optional<Keys> keys) {
    /**
     * Credentials as they were given.
     *
     * @param session the token that belongs to temporary ones
     */
    record Keys(String access, String secret, Optional<String> session) {
        /** Nothing of them. */
        @Override
        public String toString() {
            return "keys";
        }
    }

    private static final String DEFAULT_BUCKET = "ydocs";
    // The region of signatures, which a store that is not AWS mostly does not look at.
    private static final String DEFAULT_REGION = "us-east-1";
    private static final int LAST_PORT = 65_535;
    private static final int ANY = 0;
    private static final String ENDPOINT_FORM = "a host, or a URL like https://s3.example.com:9000";
    private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,254}");

    static S3Address of(Settings settings) {
        boolean ssl = settings.flag("S3_SSL", true);
        int port = settings.integer("S3_PORT", ANY, ANY, LAST_PORT);
        Optional<URI> endpoint = settings.value("S3_ENDPOINT", ENDPOINT_FORM, text -> endpoint(text, port, ssl));
        Optional<String> region = settings.text("S3_REGION")
                .or(() -> endpoint.isPresent() ? Optional.of(DEFAULT_REGION) : Optional.empty());
        String bucket = settings.<String>value("S3_BUCKET", "the name of a bucket (default ydocs)", S3Address::bucket)
                .orElse(DEFAULT_BUCKET);
        return new S3Address(endpoint, region, bucket, keys(settings));
    }

    private static Optional<Keys> keys(Settings settings) {
        Optional<String> access = settings.text("S3_ACCESS_KEY");
        Optional<String> secret = settings.text("S3_SECRET_KEY");
        Optional<String> session = settings.text("S3_SESSION_TOKEN");
        if (access.isPresent() != secret.isPresent()) {
            throw new InvalidSettingException(
                    access.isPresent() ? "S3_SECRET_KEY" : "S3_ACCESS_KEY",
                    "a value, because the other half of the key pair is set");
        }
        if (session.isPresent() && access.isEmpty()) {
            throw new InvalidSettingException("S3_ACCESS_KEY", "a value, because S3_SESSION_TOKEN is set");
        }
        return access.map(key -> new Keys(key, secret.orElseThrow(), session));
    }

    private static URI endpoint(String text, int port, boolean ssl) {
        boolean isUrl = text.contains("://");
        URI uri = URI.create(isUrl ? text : (ssl ? "https://" : "http://") + text);
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("its scheme is neither http nor https");
        }
        if (uri.getHost() == null || uri.getUserInfo() != null) {
            throw new IllegalArgumentException("no host, or more than that");
        }
        boolean hasPath = !isBlank(uri.getRawPath()) && !uri.getRawPath().equals("/");
        if (hasPath || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("nothing may follow host and port");
        }
        if (uri.getPort() >= 0 && port != ANY && uri.getPort() != port) {
            throw new IllegalArgumentException("S3_PORT names another port");
        }
        int chosen = uri.getPort() >= 0 ? uri.getPort() : port;
        return URI.create(scheme + "://" + uri.getHost() + (chosen > 0 ? ":" + chosen : ""));
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isEmpty();
    }

    private static String bucket(String text) {
        if (!BUCKET.matcher(text).matches()) {
            throw new IllegalArgumentException("a bucket's name has letters, digits, dots and hyphens");
        }
        return text;
    }

    /** For messages: no key. */
    @Override
    public String toString() {
        return "S3 bucket " + bucket + " at " + endpoint.map(URI::toString).orElse("AWS");
    }
}
