package dev.weft.server;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTDecodeException;
import com.auth0.jwt.exceptions.SignatureVerificationException;
import com.auth0.jwt.interfaces.Claim;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Tells who the bearer of a token is: a JWT signed with ES384, and nothing else, by the pair of one public key, with the claim {@code
 * yuserid}.
 *
 * <p>lib0 writes {@code exp} in milliseconds, RFC 7519 says seconds. A value above 10<sup>11</sup> (as seconds the year 5138, as
 * milliseconds 1973) is taken for milliseconds; {@code nbf} likewise. A token without {@code exp} does not expire.
 *
 * <p>A signature that was found good is remembered for a while, by the token's SHA-256, since a client that reconnects brings the same token
 * and many may do so at one time; the token's own times are looked at each time. Thread-safe.
 */
final class TokenVerifier {
    private static final double LARGEST_SECONDS = 1e11;
    /** About 200 bytes each. */
    private static final long REMEMBERED = 100_000;

    private static final Duration REMEMBERED_FOR = Duration.ofMinutes(10);

    private final Algorithm algorithm;
    private final InstantSource time;
    private final Cache<Digest, Signed> signed = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .expireAfterWrite(REMEMBERED_FOR)
            .build();

    TokenVerifier(ECPublicKey key, InstantSource time) {
        this.algorithm = Algorithm.ECDSA384(key, null);
        this.time = time;
    }

    /** The {@code yuserid} of the token's bearer. Takes about a millisecond of CPU. */
    String verify(String token) throws Refusal {
        Signed claims = verifySignature(token);
        signed.put(Digest.of(token), claims);
        return userNow(claims);
    }

    /** The same of a token whose signature was verified lately; null for others. Takes microseconds. */
    @Nullable
    String remembered(String token) throws Refusal {
        Signed claims = signed.getIfPresent(Digest.of(token));
        return claims == null ? null : userNow(claims);
    }

    private String userNow(Signed claims) throws Refusal {
        long now = time.millis();
        if (now >= claims.expiresMillis) {
            throw refusal("the token has expired");
        }
        if (now < claims.notBeforeMillis) {
            throw refusal("the token is not valid yet");
        }
        return claims.user;
    }

    private Signed verifySignature(String token) throws Refusal {
        DecodedJWT jwt;
        try {
            jwt = JWT.decode(token);
        } catch (JWTDecodeException e) {
            throw refusal("the token is not a JWT, or its times are not numbers");
        }
        if (!"ES384".equals(jwt.getAlgorithm())) {
            throw refusal("the token is not signed with ES384");
        }
        try {
            algorithm.verify(jwt);
        } catch (SignatureVerificationException e) {
            throw refusal("the token's signature is not of the key that this server knows");
        }
        String user = jwt.getClaim("yuserid").asString();
        if (user == null || user.isEmpty()) {
            throw refusal("the token has no claim yuserid");
        }
        return new Signed(
                user,
                millis(jwt.getClaim("exp"), "exp", Long.MAX_VALUE),
                millis(jwt.getClaim("nbf"), "nbf", Long.MIN_VALUE));
    }

    private static long millis(Claim claim, String name, long absent) throws Refusal {
        if (claim.isMissing() || claim.isNull()) {
            return absent;
        }
        Double value = claim.asDouble();
        if (value == null || value.isNaN()) {
            throw refusal("the token's " + name + " is not a number");
        }
        return (long) (value > LARGEST_SECONDS ? value : value * 1000);
    }

    private static Refusal refusal(String reason) {
        return new Refusal(Refusal.Kind.UNAUTHENTICATED, reason);
    }

    /** A SHA-256, in place of the text of a token, which is ten times as long. */
    private record Digest(long first, long second, long third, long fourth) {
        private static Digest of(String token) {
            MessageDigest sha256;
            try {
                sha256 = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
            ByteBuffer hash = ByteBuffer.wrap(sha256.digest(token.getBytes(StandardCharsets.UTF_8)));
            return new Digest(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
        }
    }

    private record Signed(String user, long expiresMillis, long notBeforeMillis) {}
}
