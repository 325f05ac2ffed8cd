package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class Es384KeyTest {
    private final TestKeys keys = new TestKeys();

    @Test
    void keyIsReadAsItWasWritten() {
        assertThat(Es384Key.parse(keys.jwk()).getW()).isEqualTo(keys.publicKey().getW());
    }

    @Test
    void otherKeysAreRefused() {
        assertBad(keys.jwk().replace("P-384", "P-256"), "P-384");
        assertBad(keys.jwk().replace("EC", "RSA"), "P-384");
        assertBad("{}", "P-384");
    }

    @Test
    void pointBesideTheCurveIsRefused() {
        BigInteger y = keys.publicKey().getW().getAffineY();
        String wrong = keys.jwk().replace(TestKeys.coordinate(y), TestKeys.coordinate(y.xor(BigInteger.ONE)));
        assertBad(wrong, "curve");
    }

    @Test
    void shortCoordinateIsRefused() {
        String x = TestKeys.coordinate(keys.publicKey().getW().getAffineX());
        assertBad(keys.jwk().replace(x, x.substring(4)), "48 bytes");
    }

    @Test
    void textThatIsNoJsonIsRefusedWithoutRepeatingIt() {
        assertThatThrownBy(() -> Es384Key.parse("-----BEGIN PRIVATE KEY-----"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("PRIVATE");
    }

    private static void assertBad(String jwk, String reason) {
        assertThatThrownBy(() -> Es384Key.parse(jwk))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}
