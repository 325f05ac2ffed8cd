package dev.weft.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.settings.Settings;
import java.io.StringReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class P384KeysTest {
    /** Repeated, because numbers with leading zeros or a high bit come only now and then. */
    @RepeatedTest(50)
    void aPairSurvivesItsWrittenForm() {
        P384Keys keys = P384Keys.generate();
        P384Keys read = P384Keys.parse(keys.privateJwk());
        assertThat(read.publicKey().getW()).isEqualTo(keys.publicKey().getW());
        assertThat(read.privateKey().getS()).isEqualTo(keys.privateKey().getS());
    }

    @Test
    void whatOneHalfSignsTheOtherVerifies() {
        P384Keys keys = P384Keys.parse(P384Keys.generate().privateJwk());
        String token = JWT.create().withClaim("yuserid", "ada").sign(Algorithm.ECDSA384(null, keys.privateKey()));
        assertThat(JWT.require(Algorithm.ECDSA384(keys.publicKey(), null))
                        .build()
                        .verify(token)
                        .getClaim("yuserid")
                        .asString())
                .isEqualTo("ada");
    }

    @Test
    void thePublicHalfKeepsTheSecret() throws Exception {
        JsonNode jwk = new ObjectMapper().readTree(P384Keys.generate().publicJwk());
        assertThat(jwk.has("d")).isFalse();
        assertThat(jwk.path("key_ops").path(0).asText()).isEqualTo("verify");
    }

    @Test
    void blanksAndLineEndsInTheJsonDoNoHarm() {
        P384Keys keys = P384Keys.generate();
        String pretty = keys.privateJwk().replace(",", " ,\n ").replace(":", " : ");
        assertThat(P384Keys.parse(pretty).privateKey().getS())
                .isEqualTo(keys.privateKey().getS());
    }

    @Test
    void whatIsNoPrivateP384KeyIsRefusedWithoutRepeatingIt() {
        String good = P384Keys.generate().privateJwk();
        String secret = good.replaceAll(".*\"d\":\"([^\"]*)\".*", "$1");
        assertThatThrownBy(() -> P384Keys.parse("{")).hasMessage("not JSON");
        assertThatThrownBy(() -> P384Keys.parse(P384Keys.generate().publicJwk()))
                .hasMessageContaining("d is missing");
        assertThatThrownBy(() -> P384Keys.parse(good.replace("P-384", "P-256"))).hasMessageContaining("crv P-384");
        assertThatThrownBy(() -> P384Keys.parse(good.replace(secret, secret.substring(4))))
                .hasMessage("d must have 48 bytes");
        assertThatThrownBy(() -> P384Keys.parse(good.replace(secret, "+/" + secret.substring(2))))
                .hasMessage("d is not base64url");
    }

    @Test
    void thePrintedLinesAreReadBackAsSettings() throws Exception {
        P384Keys keys = P384Keys.generate();
        Properties env = new Properties();
        env.load(new StringReader(KeysMain.lines(keys)));
        Map<String, String> values = new HashMap<>();
        env.stringPropertyNames().forEach(name -> values.put(name, env.getProperty(name)));
        Settings settings = Settings.of(values);
        assertThat(settings.text("AUTH_PUBLIC_KEY")).hasValue(keys.publicJwk());
        assertThat(settings.text("AUTH_PRIVATE_KEY")).hasValue(keys.privateJwk());
    }
}
