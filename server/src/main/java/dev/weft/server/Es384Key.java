package dev.weft.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Base64;

/** Reads the public half of a P-384 key pair from a JWK in JSON (RFC 7517, 7518 section 6.2), as lib0 and {@code weft keys} write it. */
final class Es384Key {
    /** Of x and y each. */
    private static final int COORDINATE_BYTES = 48;

    private Es384Key() {}

    /** Throws {@link IllegalArgumentException} with a short reason that repeats nothing of the key. */
    static ECPublicKey parse(String jwk) {
        JsonNode node;
        try {
            node = new ObjectMapper().readTree(jwk);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON");
        }
        if (!node.path("kty").asText().equals("EC")
                || !node.path("crv").asText().equals("P-384")) {
            throw new IllegalArgumentException("not a P-384 key: kty must be EC and crv P-384");
        }
        ECPoint point = new ECPoint(coordinate(node, "x"), coordinate(node, "y"));
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp384r1"));
            ECParameterSpec curve = parameters.getParameterSpec(ECParameterSpec.class);
            if (!isOnCurve(point, curve)) {
                throw new IllegalArgumentException("x and y are no point of the curve");
            }
            return (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, curve));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not a usable P-384 key", e);
        }
    }

    private static BigInteger coordinate(JsonNode node, String name) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(node.path(name).asText());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + " is not base64url");
        }
        if (bytes.length != COORDINATE_BYTES) {
            throw new IllegalArgumentException(name + " must have " + COORDINATE_BYTES + " bytes");
        }
        return new BigInteger(1, bytes);
    }

    private static boolean isOnCurve(ECPoint point, ECParameterSpec spec) {
        BigInteger p = ((ECFieldFp) spec.getCurve().getField()).getP();
        BigInteger x = point.getAffineX();
        BigInteger right = x.pow(3)
                .add(spec.getCurve().getA().multiply(x))
                .add(spec.getCurve().getB())
                .mod(p);
        return x.compareTo(p) < 0
                && point.getAffineY().compareTo(p) < 0
                && point.getAffineY().pow(2).mod(p).equals(right);
    }
}
