package dev.weft.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tells the worker's webhooks from what others send: {@code Weft-Signature} is {@code sha256=} and, in hexadecimal, the HMAC-SHA-256 of
 * {@code <Weft-Timestamp>.<room as in the address>.<body>} with a secret that both have. What was signed long ago is not believed, because
 * somebody may have caught it and sent it again.
 */
final class Signatures {
    private static final Duration BELIEVED = Duration.ofMinutes(5);
    private static final String PREFIX = "sha256=";

    private final SecretKeySpec key;
    private final Clock clock;

    Signatures(String secret, Clock clock) {
        key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        this.clock = clock;
    }

    /** Whether a call is the worker's; the room is percent-encoded, as it came. */
    boolean isSigned(String time, String signature, String room, byte[] body) {
        try {
            Instant signed = Instant.ofEpochSecond(Long.parseLong(time));
            boolean isFresh = Duration.between(signed, clock.instant()).abs().compareTo(BELIEVED) <= 0;
            byte[] given =
                    HexFormat.of().parseHex(signature.startsWith(PREFIX) ? signature.substring(PREFIX.length()) : "");
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update((time + "." + room + ".").getBytes(StandardCharsets.UTF_8));
            // Takes as long for any two, so that nobody can guess byte by byte.
            return MessageDigest.isEqual(mac.doFinal(body), given) && isFresh;
        } catch (IllegalArgumentException | DateTimeException e) {
            return false; // no number, no instant, no hexadecimal
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
