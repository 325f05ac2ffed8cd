package dev.weft.server;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/** A key pair and tokens made with it. */
final class TestKeys {
    private static final long HOUR_MILLIS = 3_600_000;

    private final ECPublicKey publicKey;
    private final ECPrivateKey privateKey;

    TestKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp384r1"));
            KeyPair pair = generator.generateKeyPair();
            publicKey = (ECPublicKey) pair.getPublic();
            privateKey = (ECPrivateKey) pair.getPrivate();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    ECPublicKey publicKey() {
        return publicKey;
    }

    ECPrivateKey privateKey() {
        return privateKey;
    }

    String jwk() {
        return "{\"key_ops\":[\"verify\"],\"ext\":true,\"kty\":\"EC\",\"x\":\""
                + coordinate(publicKey.getW().getAffineX()) + "\",\"y\":\""
                + coordinate(publicKey.getW().getAffineY()) + "\",\"crv\":\"P-384\"}";
    }

    /** As lib0 makes it: {@code exp} in milliseconds. */
    String token(String user) {
        return sign(JWT.create().withClaim("yuserid", user).withClaim("exp", System.currentTimeMillis() + HOUR_MILLIS));
    }

    String sign(JWTCreator.Builder token) {
        return token.sign(Algorithm.ECDSA384(null, privateKey));
    }

    static String coordinate(BigInteger value) {
        byte[] bytes = new byte[48];
        byte[] raw = value.toByteArray();
        int length = Math.min(raw.length, bytes.length);
        System.arraycopy(raw, raw.length - length, bytes, bytes.length - length, length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
