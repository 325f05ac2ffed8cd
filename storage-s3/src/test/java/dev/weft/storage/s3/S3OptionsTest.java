package dev.weft.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.settings.InvalidSettingException;
import dev.weft.settings.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

class S3OptionsTest {
    @Test
    void defaultsAreThose() {
        S3Options aws = options(Map.of());
        assertThat(aws.pathStyle()).isFalse();
        assertThat(aws.prefix()).isEmpty();
        assertThat(aws.encryption()).isEmpty();
        assertThat(aws.kmsKey()).isEmpty();
        assertThat(aws.createsBucket()).isTrue();
        assertThat(aws.connections()).isEqualTo(50);
        assertThat(aws.partBytes()).isEqualTo(33_554_432);
        assertThat(aws.timeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(aws.retries()).isEqualTo(3);
        assertThat(aws.withYRedis()).isTrue();

        assertThat(options(Map.of("S3_ENDPOINT", "host")).pathStyle()).isTrue();
    }

    @Test
    void pathStyleMayBeChosen() {
        assertThat(options(Map.of("S3_PATH_STYLE", "true")).pathStyle()).isTrue();
        assertThat(options(Map.of("S3_ENDPOINT", "host", "S3_PATH_STYLE", "false"))
                        .pathStyle())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"weft, weft/", "weft/, weft/", "a/b-c_1, a/b-c_1/"})
    void prefixEndsWithASlash(String prefix, String expected) {
        assertThat(options(Map.of("S3_PREFIX", prefix)).prefix()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a", "a//b", "a/./b", "..", "a b", "ä", "a?b"})
    void badPrefixIsRefused(String prefix) {
        assertThatThrownBy(() -> options(Map.of("S3_PREFIX", prefix)))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith("S3_PREFIX has a bad value");
    }

    @Test
    void longestPrefixLeavesRoomForTheLongestNames() {
        assertThat(options(Map.of("S3_PREFIX", "a".repeat(399))).prefix()).hasSize(400);
        assertThatThrownBy(() -> options(Map.of("S3_PREFIX", "a".repeat(400))))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("longer than 400 characters");
    }

    @Test
    void encryptionIsOneThatS3Knows() {
        assertThat(options(Map.of("S3_SSE", "AES256")).encryption()).contains(ServerSideEncryption.AES256);
        assertThat(options(Map.of("S3_SSE", "aws:kms", "S3_SSE_KMS_KEY_ID", "key"))
                        .kmsKey())
                .contains("key");
        assertThatThrownBy(() -> options(Map.of("S3_SSE", "rot13")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith("S3_SSE has a bad value 'rot13'; it expects AES256, aws:kms");
        assertThatThrownBy(() -> options(Map.of("S3_SSE", "AES256", "S3_SSE_KMS_KEY_ID", "key")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("aws:kms, because S3_SSE_KMS_KEY_ID is set");
    }

    @Test
    void tokenOfTemporaryCredentialsNeedsThem() {
        assertThatThrownBy(() -> options(Map.of("S3_SESSION_TOKEN", "t")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith("S3_ACCESS_KEY is not set");
        S3Options options =
                options(Map.of("S3_ACCESS_KEY", "a-half", "S3_SECRET_KEY", "b-half", "S3_SESSION_TOKEN", "c-half"));
        assertThat(options.address().keys().orElseThrow().session()).contains("c-half");
        assertThat(options.toString()).doesNotContain("half");
    }

    private static S3Options options(Map<String, String> settings) {
        return S3Options.of(Settings.of(settings));
    }
}
