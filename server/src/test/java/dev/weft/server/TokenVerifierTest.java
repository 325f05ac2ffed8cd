package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenVerifierTest {
    private static final long NOW = 1_700_000_000_000L;

    private final TestKeys keys = new TestKeys();
    private final AtomicLong now = new AtomicLong(NOW);
    private final InstantSource time = () -> Instant.ofEpochMilli(now.get());
    private final TokenVerifier verifier = new TokenVerifier(keys.publicKey(), time);

    @Test
    void goodTokenTellsTheUser() throws Refusal {
        assertThat(verifier.verify(keys.sign(JWT.create().withClaim("yuserid", "ann"))))
                .isEqualTo("ann");
    }

    @Test
    void expiryInMillisecondsIsUnderstoodAsLib0MeansIt() throws Refusal {
        String token = keys.sign(JWT.create().withClaim("yuserid", "ann").withClaim("exp", NOW + 1_000));
        assertThat(verifier.verify(token)).isEqualTo("ann");
        now.set(NOW + 1_000);
        assertRefused(token, "expired");
    }

    @Test
    void expiryInSecondsIsUnderstoodAsTheStandardMeansIt() throws Refusal {
        String token = keys.sign(JWT.create().withClaim("yuserid", "ann").withClaim("exp", NOW / 1000 + 1));
        assertThat(verifier.verify(token)).isEqualTo("ann");
        now.set(NOW + 1_000);
        assertRefused(token, "expired");
    }

    @Test
    void onlyWhatWasFoundGoodIsRememberedAndUntilItExpires() throws Refusal {
        String token = keys.sign(JWT.create().withClaim("yuserid", "ann").withClaim("exp", NOW + 1_000));
        String forged = new TestKeys().token("ann");
        assertThat(verifier.remembered(token)).isNull();
        verifier.verify(token);
        assertRefused(forged, "signature");
        assertThat(verifier.remembered(token)).isEqualTo("ann");
        assertThat(verifier.remembered(forged)).isNull();
        now.set(NOW + 1_000);
        assertThatThrownBy(() -> verifier.remembered(token)).hasMessageContaining("expired");
    }

    @Test
    void issuedAtInMillisecondsDoesNoHarm() throws Refusal {
        assertThat(verifier.verify(
                        keys.sign(JWT.create().withClaim("yuserid", "ann").withClaim("iat", NOW))))
                .isEqualTo("ann");
    }

    @Test
    void tokenThatIsNotValidYetIsRefused() {
        assertRefused(
                keys.sign(JWT.create().withClaim("yuserid", "ann").withClaim("nbf", NOW / 1000 + 10)), "not valid yet");
    }

    @Test
    void tokenOfAnotherKeyIsRefused() {
        assertRefused(new TestKeys().token("ann"), "signature");
    }

    @Test
    void tokenWithAChangedClaimIsRefused() {
        String[] parts = keys.token("ann").split("\\.", -1);
        String forged = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"yuserid\":\"bob\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertRefused(parts[0] + "." + forged + "." + parts[2], "signature");
    }

    @Test
    void otherAlgorithmsAreRefusedWhateverTheySign() {
        assertRefused(JWT.create().withClaim("yuserid", "ann").sign(Algorithm.none()), "ES384");
        assertRefused(JWT.create().withClaim("yuserid", "ann").sign(Algorithm.HMAC384(keys.jwk())), "ES384");
    }

    @Test
    void tokenWithoutAUserIsRefused() {
        assertRefused(keys.sign(JWT.create().withClaim("sub", "ann")), "yuserid");
        assertRefused(keys.sign(JWT.create().withClaim("yuserid", "")), "yuserid");
        assertRefused(keys.sign(JWT.create().withClaim("yuserid", 7)), "yuserid");
    }

    @Test
    void expiryThatIsNoNumberIsRefused() {
        assertRefused(keys.sign(JWT.create().withClaim("yuserid", "ann").withClaim("exp", "never")), "not numbers");
    }

    @Test
    void garbageIsRefused() {
        assertRefused("garbage", "not a JWT");
        assertRefused("a.b.c", "not a JWT");
        assertRefused("..", "not a JWT");
        assertRefused("", "not a JWT");
    }

    private void assertRefused(String token, String reason) {
        assertThatThrownBy(() -> verifier.verify(token))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.kind()).isEqualTo(Refusal.Kind.UNAUTHENTICATED))
                .hasMessageContaining(reason);
    }
}
