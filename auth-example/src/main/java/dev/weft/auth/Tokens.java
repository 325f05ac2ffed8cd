package dev.weft.auth;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Issues ES384 tokens: {@code iss}, {@code iat}, {@code exp} in seconds as RFC 7519 has them, and {@code yuserid}. Thread-safe. */
final class Tokens {
    static final String ISSUER = "weft-auth-example";
    static final Duration LIFETIME = Duration.ofHours(1);
    private static final Pattern USER_ID = Pattern.compile("[^\\p{Cntrl}/]{1,128}");

    private final Algorithm algorithm;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Tokens(P384Keys keys, Clock clock) {
        this.algorithm = Algorithm.ECDSA384(keys.publicKey(), keys.privateKey());
        this.clock = clock;
    }

    /**
     * A real backend takes the user from its session. This one believes what it is told, and makes up a name if it is told nothing.
     *
     * @throws IllegalArgumentException if the name is too long or strange
     */
    String issue(Optional<String> wanted, boolean reading) {
        String user = wanted.orElseGet(() -> "user-" + Long.toString(random.nextLong() >>> 1, Character.MAX_RADIX));
        if (!USER_ID.matcher(user).matches()) {
            throw new IllegalArgumentException("userid must have 1 to 128 characters, without slashes and controls");
        }
        return JWT.create()
                .withIssuer(ISSUER)
                .withIssuedAt(clock.instant())
                .withExpiresAt(clock.instant().plus(LIFETIME))
                .withClaim("yuserid", reading ? Permissions.asReader(user) : user)
                .sign(algorithm);
    }
}
