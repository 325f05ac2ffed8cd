package dev.weft.worker;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs webhooks with a key that the receiver has, too: HMAC-SHA-256 (RFC 2104) of
 *
 * <pre>
 * time   seconds since 1970, in decimal
 * .
 * room   percent-encoded as in the address
 * .
 * body   all of it
 * </pre>
 *
 * in hexadecimal. The room is in it because a form does not name it: whoever caught a call could else send it again for another room. An
 * encoded room has none of the characters with which a body begins, so that the parts cannot be taken for each other.
 */
final class WebhookSecret {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int LEAST_LENGTH = 16;

    private final SecretKeySpec key;

    private WebhookSecret(SecretKeySpec key) {
        this.key = key;
    }

    /** Its UTF-8 is the key; throws {@link IllegalArgumentException} if it is too short to be one. */
    static WebhookSecret of(String text) {
        if (text.length() < LEAST_LENGTH) {
            throw new IllegalArgumentException("too short");
        }
        return new WebhookSecret(new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), ALGORITHM));
    }

    String sign(String time, String room, List<byte[]> body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update((time + "." + room + ".").getBytes(StandardCharsets.UTF_8));
            body.forEach(mac::update);
            return HexFormat.of().formatHex(mac.doFinal());
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    /** Not the secret. */
    @Override
    public String toString() {
        return "(a secret)";
    }
}
