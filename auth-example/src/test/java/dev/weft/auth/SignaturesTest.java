package dev.weft.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SignaturesTest {
    private static final String TIME = "1763712000";
    private static final byte[] BODY = "the body".getBytes(StandardCharsets.UTF_8);

    /** printf '%s' '1763712000.team%2Fplan%201.the body' | openssl dgst -sha256 -hmac 'a secret of 26 characters.' */
    private static final String SIGNATURE = "sha256=dba980b2e345ba3ab95bfa30a9a01ed68142eb7f52b9ee9baa51000c8811ffda";

    private final Signatures signatures = at(1763712000 + 299);

    @Test
    void whatTheWorkerSignedIsBelieved() {
        assertThat(signatures.isSigned(TIME, SIGNATURE, "team%2Fplan%201", BODY))
                .isTrue();
    }

    @Test
    void anotherRoomBodyTimeOrSecretIsNot() {
        assertThat(signatures.isSigned(TIME, SIGNATURE, "another", BODY)).isFalse();
        assertThat(signatures.isSigned(TIME, SIGNATURE, "team%2Fplan%201", new byte[0]))
                .isFalse();
        assertThat(signatures.isSigned("1763712001", SIGNATURE, "team%2Fplan%201", BODY))
                .isFalse();
        assertThat(new Signatures("another secret of theirs", Clock.systemUTC())
                        .isSigned(TIME, SIGNATURE, "team%2Fplan%201", BODY))
                .isFalse();
    }

    @Test
    void whatWasSignedLongAgoIsNot() {
        assertThat(at(1763712000 + 301).isSigned(TIME, SIGNATURE, "team%2Fplan%201", BODY))
                .isFalse();
    }

    @Test
    void whatIsNoSignatureIsNot() {
        assertThat(signatures.isSigned("", "", "r", BODY)).isFalse();
        assertThat(signatures.isSigned("99999999999999999", SIGNATURE, "r", BODY))
                .isFalse();
        assertThat(signatures.isSigned(TIME, "sha256=zz", "r", BODY)).isFalse();
    }

    private static Signatures at(long second) {
        return new Signatures("a secret of 26 characters.", Clock.fixed(Instant.ofEpochSecond(second), ZoneOffset.UTC));
    }
}
