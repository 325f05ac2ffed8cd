package dev.weft.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.Base64;

/**
 * A P-384 key pair for ES384 tokens, and its form as JSON Web Keys (RFC 7517; RFC 7518 section 6.2): {@code kty}, {@code crv}, {@code x},
 * {@code y} and for the private half {@code d}, numbers as 48 big-endian bytes in base64url. {@code key_ops} and {@code ext} stand there for
 * WebCrypto, and so for lib0, which import a key only for what it says it is for. Immutable.
 */
public record P384Keys(ECPublicKey publicKey, ECPrivateKey privateKey) {
    private static final int NUMBER_BYTES = 48;
    private static final ObjectMapper JSON = new ObjectMapper();

    public static P384Keys generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp384r1"));
            KeyPair pair = generator.generateKeyPair();
            return new P384Keys((ECPublicKey) pair.getPublic(), (ECPrivateKey) pair.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no P-384", e);
        }
    }

    /**
     * Reads a private JWK, which carries its public half.
     *
     * @throws IllegalArgumentException if it is none; the message repeats nothing of the key
     */
    public static P384Keys parse(String privateJwk) {
        JsonNode jwk;
        try {
            jwk = JSON.readTree(privateJwk);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON");
        }
        if (!jwk.path("kty").asText().equals("EC") || !jwk.path("crv").asText().equals("P-384")) {
            throw new IllegalArgumentException("not a P-384 key: kty must be EC and crv P-384");
        }
        if (!jwk.has("d")) {
            throw new IllegalArgumentException("a public key: d is missing");
        }
        try {
            ECParameterSpec curve = curve();
            KeyFactory factory = KeyFactory.getInstance("EC");
            ECPoint point = new ECPoint(number(jwk, "x"), number(jwk, "y"));
            return new P384Keys((ECPublicKey) factory.generatePublic(new ECPublicKeySpec(point, curve)), (ECPrivateKey)
                    factory.generatePrivate(new ECPrivateKeySpec(number(jwk, "d"), curve)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not a usable P-384 key");
        }
    }

    /** The public half as one line of JSON: what a server verifies tokens with. */
    public String publicJwk() {
        ObjectNode jwk = commonJwk();
        jwk.putArray("key_ops").add("verify");
        return jwk.toString();
    }

    /** Both halves as one line of JSON: a secret of whoever issues tokens. */
    public String privateJwk() {
        ObjectNode jwk = commonJwk();
        jwk.put("d", text(privateKey.getS()));
        jwk.putArray("key_ops").add("sign");
        return jwk.toString();
    }

    /** Names no secret, should it ever be logged. */
    @Override
    public String toString() {
        return "P384Keys[" + publicJwk() + "]";
    }

    private ObjectNode commonJwk() {
        return JSON.createObjectNode()
                .put("kty", "EC")
                .put("crv", "P-384")
                .put("x", text(publicKey.getW().getAffineX()))
                .put("y", text(publicKey.getW().getAffineY()))
                .put("ext", true);
    }

    private static BigInteger number(JsonNode jwk, String name) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(jwk.path(name).asText());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + " is not base64url");
        }
        if (bytes.length != NUMBER_BYTES) {
            throw new IllegalArgumentException(name + " must have " + NUMBER_BYTES + " bytes");
        }
        return new BigInteger(1, bytes);
    }

    private static String text(BigInteger number) {
        byte[] shortest = number.toByteArray(); // with a sign byte perhaps, without leading zeros
        byte[] bytes = new byte[NUMBER_BYTES];
        int length = Math.min(shortest.length, NUMBER_BYTES);
        System.arraycopy(shortest, shortest.length - length, bytes, NUMBER_BYTES - length, length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static ECParameterSpec curve() throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp384r1"));
        return parameters.getParameterSpec(ECParameterSpec.class);
    }
}
