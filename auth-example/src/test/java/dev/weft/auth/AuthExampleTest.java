package dev.weft.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.settings.InvalidSettingException;
import dev.weft.settings.Settings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthExampleTest {
    private static final P384Keys KEYS = P384Keys.generate();

    private final HttpClient client = HttpClient.newHttpClient();
    private AuthExample example;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        Files.createDirectories(folder.resolve("page/assets"));
        Files.writeString(folder.resolve("page/index.html"), "<p>" + "weft ".repeat(100));
        Files.writeString(folder.resolve("page/assets/app-1234.js"), "let a = 1;");
        Files.writeString(folder.resolve("secret.txt"), "not for you");
        example = AuthExample.start(settings(), Optional.of(folder.resolve("page")));
    }

    @AfterEach
    void stop() {
        example.close();
        client.close();
    }

    private static Settings settings() {
        return Settings.of(
                Map.of("AUTH_PRIVATE_KEY", KEYS.privateJwk(), "AUTH_PORT", "0", "HOST", "127.0.0.1", "PORT", "3999"));
    }

    @Test
    void aTokenVerifiesAndExpiresInSecondsAsTheRfcSays() throws Exception {
        HttpResponse<String> answer = get("/auth/token?userid=ada%20l%C3%B6v");
        DecodedJWT token = JWT.require(Algorithm.ECDSA384(KEYS.publicKey(), null))
                .withIssuer(Tokens.ISSUER)
                .build()
                .verify(answer.body());
        assertThat(token.getClaim("yuserid").asString()).isEqualTo("ada löv");
        assertThat(token.getAlgorithm()).isEqualTo("ES384");
        assertThat(token.getClaim("exp").asLong())
                .isBetween(
                        Instant.now().plusSeconds(3500).getEpochSecond(),
                        Instant.now().plusSeconds(3600).getEpochSecond());
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    @Test
    void eachNamelessUserGetsANameOfItsOwn() throws Exception {
        String first = userOf(get("/auth/token").body());
        String second = userOf(get("/auth/token").body());
        assertThat(first).startsWith("user-").isNotEqualTo(second);
    }

    @Test
    void strangeUserIdsAreRefused() throws Exception {
        for (String userid : new String[] {"", "a%0Ab", "a%2Fb", "x".repeat(129)}) {
            assertThat(get("/auth/token?userid=" + userid).statusCode())
                    .as("userid '%s'", userid)
                    .isEqualTo(400);
        }
        assertThat(get("/auth/token?userid=" + "x".repeat(128)).statusCode()).isEqualTo(200);
    }

    @Test
    void aReadersTokenLeadsToReadOnlyAccess() throws Exception {
        String reader = userOf(get("/auth/token?userid=ada&mode=read").body());
        assertThat(reader).isEqualTo("reader-ada");
        assertThat(json(get("/auth/perm/lobby/" + reader)).path("yaccess").asText())
                .isEqualTo("readonly");
        assertThat(json(get("/auth/perm/lobby/ada")).path("yaccess").asText()).isEqualTo("rw");
    }

    @Test
    void slashesPlusesAndPercentSignsOfARoomAndAUserComeBackAsTheyWere() throws Exception {
        JsonNode answer = json(get("/auth/perm/team%2Fplan%20a%2Bb+c%25%C3%A9%F0%9F%8E%A8/ada%2F1"));
        assertThat(answer.path("yroom").asText()).isEqualTo("team/plan a+b+c%é🎨");
        assertThat(answer.path("yuserid").asText()).isEqualTo("ada/1");
    }

    @Test
    void aPermissionQuestionWithoutBothPartsIsNotFound() throws Exception {
        for (String path : new String[] {"/auth/perm/", "/auth/perm/room", "/auth/perm//ada", "/auth/perm/a/b/c"}) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(404);
        }
    }

    @Test
    void aWebhookIsTakenAndItsSizeRemembered() throws Exception {
        assertThat(get("/ydoc/team%2Fplan").statusCode()).isEqualTo(404);
        assertThat(put("/ydoc/team%2Fplan", "multipart/form-data; boundary=b", form("12345"))
                        .statusCode())
                .isEqualTo(204);
        assertThat(put("/ydoc/team%2Fplan", "multipart/form-data; boundary=b", form("123456"))
                        .statusCode())
                .isEqualTo(204);
        JsonNode answer = json(get("/ydoc/team%2Fplan"));
        assertThat(answer.path("room").asText()).isEqualTo("team/plan");
        assertThat(answer.path("bytes").asInt()).isEqualTo(6);
        assertThat(answer.path("times").asInt()).isEqualTo(2);
    }

    @Test
    void aMalformedWebhookIsRefusedWithItsReason() throws Exception {
        HttpResponse<String> cut = put("/ydoc/r", "multipart/form-data; boundary=b", "--b\r\nA: b");
        assertThat(cut.statusCode()).isEqualTo(400);
        assertThat(cut.body()).contains("no end of a part's headers at byte 3");
        assertThat(put("/ydoc/r", "multipart/form-data; boundary=b", form("1").replace("ydoc", "doc"))
                        .body())
                .isEqualTo("the form has no field ydoc");
        assertThat(put("/ydoc/r", "text/plain", "x").statusCode()).isEqualTo(400);
        assertThat(get("/ydoc/r").statusCode()).isEqualTo(404);
    }

    @Test
    void aWebhookBeyondTheBoundIsRefused() throws Exception {
        byte[] mebibyte = new byte[1 << 20];
        HttpRequest request = HttpRequest.newBuilder(uri("/ydoc/r"))
                .header("Content-Type", "multipart/form-data; boundary=b")
                .PUT(BodyPublishers.ofByteArrays(java.util.Collections.nCopies(65, mebibyte)))
                .build();
        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(413);
    }

    @Test
    void thePageIsServedCompressedAndItsAssetsForGood() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("/"))
                .header("Accept-Encoding", "gzip")
                .build();
        HttpResponse<byte[]> page = client.send(request, BodyHandlers.ofByteArray());
        assertThat(page.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(page.body())).readAllBytes())
                .asString()
                .startsWith("<p>weft");
        HttpResponse<String> script = get("/assets/app-1234.js");
        assertThat(script.body()).isEqualTo("let a = 1;");
        assertThat(script.headers().firstValue("Content-Type")).hasValue("text/javascript; charset=utf-8");
        assertThat(script.headers().firstValue("Cache-Control").orElseThrow()).contains("immutable");
        assertThat(json(get("/config.json")).path("websocketPort").asInt()).isEqualTo(3999);
    }

    @Test
    void nothingOutsideThePageIsServed() throws Exception {
        for (String path :
                new String[] {"/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/nope"}) {
            String answer = raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(answer).as(path).startsWith("HTTP/1.1 404").doesNotContain("not for you");
        }
    }

    @Test
    void aTakenPortAndAMissingKeyAreSaidAtTheStart() {
        Settings taken = Settings.of(
                Map.of("AUTH_PRIVATE_KEY", KEYS.privateJwk(), "AUTH_PORT", "" + example.port(), "HOST", "127.0.0.1"));
        assertThatThrownBy(() -> AuthExample.start(taken, Optional.empty())).isInstanceOf(BindException.class);
        assertThatThrownBy(() -> AuthExample.start(Settings.of(Map.of()), Optional.empty()))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith("AUTH_PRIVATE_KEY is not set");
        assertThatThrownBy(() -> AuthExample.start(settings(), Optional.of(folder)))
                .hasMessageContaining("no index.html");
    }

    private static String form(String content) {
        return "--b\r\nContent-Disposition: form-data; name=\"ydoc\"\r\n\r\n" + content + "\r\n--b--\r\n";
    }

    private static String userOf(String token) {
        return JWT.decode(token).getClaim("yuserid").asString();
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).isEqualTo(200);
        return new ObjectMapper().readTree(answer.body());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> put(String path, String type, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .header("Content-Type", type)
                .PUT(BodyPublishers.ofString(body, StandardCharsets.ISO_8859_1))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), example.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + example.port() + path);
    }
}
