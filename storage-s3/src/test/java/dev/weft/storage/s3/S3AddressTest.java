package dev.weft.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.settings.InvalidSettingException;
import dev.weft.settings.Settings;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3AddressTest {
    @ParameterizedTest
    @CsvSource({
        "s3.example.com,,, https://s3.example.com",
        "localhost, 9000, false, http://localhost:9000",
        "localhost, 9000, true, https://localhost:9000",
        "localhost:9000,, false, http://localhost:9000",
        "http://localhost:9000,, true, http://localhost:9000",
        "http://localhost, 9000,, http://localhost:9000",
        "https://s3.example.com/,,, https://s3.example.com",
        "[::1]:9000,, false, http://[::1]:9000",
    })
    void endpointIsAHostOrAUrl(String endpoint, String port, String ssl, String expected) {
        Map<String, String> settings = new HashMap<>(Map.of("S3_ENDPOINT", endpoint));
        if (port != null) {
            settings.put("S3_PORT", port);
        }
        if (ssl != null) {
            settings.put("S3_SSL", ssl);
        }

        assertThat(S3Address.of(Settings.of(settings)).endpoint()).hasToString("Optional[" + expected + "]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://host", "http://host/bucket", "http://user:pw@host", "http://host?x", "a b", "host:99999x"
            })
    void badEndpointIsRefused(String endpoint) {
        assertThatThrownBy(() -> S3Address.of(Settings.of(Map.of("S3_ENDPOINT", endpoint))))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith("S3_ENDPOINT has a bad value");
    }

    @Test
    void twoDifferentPortsAreRefused() {
        assertThatThrownBy(() -> S3Address.of(Settings.of(Map.of("S3_ENDPOINT", "http://host:1", "S3_PORT", "2"))))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("S3_PORT names another port");
    }

    @Test
    void halfAKeyPairIsRefused() {
        assertThatThrownBy(() -> S3Address.of(Settings.of(Map.of("S3_ACCESS_KEY", "a"))))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith("S3_SECRET_KEY is not set");
        assertThatThrownBy(() -> S3Address.of(Settings.of(Map.of("S3_SECRET_KEY", "a"))))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith("S3_ACCESS_KEY is not set");
    }

    @Test
    void defaultsAreThose() {
        S3Address other = S3Address.of(Settings.of(Map.of("S3_ENDPOINT", "host")));
        assertThat(other.bucket()).isEqualTo("ydocs");
        assertThat(other.region()).contains("us-east-1");

        S3Address aws = S3Address.of(Settings.of(Map.of()));
        assertThat(aws.endpoint()).isEmpty();
        assertThat(aws.region()).isEmpty();
        assertThat(aws).hasToString("S3 bucket ydocs at AWS");
    }

    @Test
    void noKeyIsShown() {
        Map<String, String> settings =
                Map.of("S3_ENDPOINT", "host", "S3_ACCESS_KEY", "public-half", "S3_SECRET_KEY", "secret-half");

        assertThat(S3Address.of(Settings.of(settings)).toString()).doesNotContain("half");
    }
}
