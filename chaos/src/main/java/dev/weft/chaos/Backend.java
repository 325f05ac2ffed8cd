package dev.weft.chaos;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.concurrent.Executors;

/** What an integrator brings, and what never fails here: tokens, and leave to write in every room. */
final class Backend implements AutoCloseable {
    private static final long DAY_MILLIS = 86_400_000;
    private static final int COORDINATE_BYTES = 48;

    private final ECPublicKey publicKey;
    private final ECPrivateKey privateKey;
    private final HttpServer http;

    Backend() throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp384r1"));
            KeyPair pair = generator.generateKeyPair();
            publicKey = (ECPublicKey) pair.getPublic();
            privateKey = (ECPrivateKey) pair.getPrivate();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/perm/", exchange -> {
            try (exchange) {
                Path asked = Path.of(exchange.getRequestURI().getPath()); // /perm/<room>/<user>
                byte[] answer = ("{\"yroom\":\"" + asked.getName(1) + "\",\"yuserid\":\"" + asked.getName(2)
                                + "\",\"yaccess\":\"rw\"}")
                        .getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        http.start();
    }

    String permissionCallback() {
        return "http://127.0.0.1:" + http.getAddress().getPort() + "/perm";
    }

    /** As the setting {@code AUTH_PUBLIC_KEY} takes it. */
    String publicKey() {
        return "{\"key_ops\":[\"verify\"],\"ext\":true,\"kty\":\"EC\",\"x\":\""
                + coordinate(publicKey.getW().getAffineX()) + "\",\"y\":\""
                + coordinate(publicKey.getW().getAffineY()) + "\",\"crv\":\"P-384\"}";
    }

    /** As lib0 makes it: {@code exp} in milliseconds. */
    String token() {
        return JWT.create()
                .withClaim("yuserid", "chaos")
                .withClaim("exp", System.currentTimeMillis() + DAY_MILLIS)
                .sign(Algorithm.ECDSA384(null, privateKey));
    }

    @Override
    public void close() {
        http.stop(0);
    }

    private static String coordinate(BigInteger value) {
        byte[] bytes = new byte[COORDINATE_BYTES];
        byte[] raw = value.toByteArray();
        int length = Math.min(raw.length, bytes.length);
        System.arraycopy(raw, raw.length - length, bytes, bytes.length - length, length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
