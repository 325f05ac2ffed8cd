package dev.weft.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @Test
    void dotEnvIsReadAndItsQuotesAreDropped(@TempDir Path directory) throws Exception {
        Files.writeString(
                directory.resolve(".env"),
                "# a comment\nREDIS_PREFIX=z\nAUTH_PUBLIC_KEY='{\"kty\":\"EC\",\"x\":\"a=b#c\"}'\nBLANK=\n");
        Settings settings = Settings.load(directory);
        assertThat(settings.text("REDIS_PREFIX")).contains("z");
        assertThat(settings.text("AUTH_PUBLIC_KEY")).contains("{\"kty\":\"EC\",\"x\":\"a=b#c\"}");
        assertThat(settings.text("BLANK")).isEmpty();
        assertThat(settings.text("ABSENT")).isEmpty();
    }

    @Test
    void theEnvironmentWinsOverTheFile(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve(".env"), "PATH=from-file\n");
        assertThat(Settings.load(directory).text("PATH")).contains(System.getenv("PATH"));
    }

    @Test
    void dollarsAndBackslashesInValuesAreKept() {
        assertThat(Settings.of(Map.of("A", "p${B}\\c")).text("A")).contains("p${B}\\c");
    }

    @Test
    void aMissingValueNamesTheVariableAndWhatItExpects() {
        assertThatThrownBy(() -> Settings.of(Map.of()).required("REDIS", "a Redis URL", URI::create))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage("REDIS is not set; it expects a Redis URL");
    }

    @Test
    void aBadValueIsShownWithWhatWasExpected() {
        Settings settings = Settings.of(Map.of("PORT", "70000", "REDIS_TASK_DEBOUNCE", "ten"));
        assertThatThrownBy(() -> settings.integer("PORT", 3002, 0, 65535))
                .hasMessageContaining("PORT")
                .hasMessageContaining("'70000'")
                .hasMessageContaining("from 0 to 65535");
        assertThatThrownBy(() -> settings.millis("REDIS_TASK_DEBOUNCE", Duration.ofSeconds(10), Duration.ZERO))
                .hasMessageContaining("REDIS_TASK_DEBOUNCE")
                .hasMessageContaining("milliseconds");
    }

    @Test
    void secretsAreNotRepeatedInErrors() {
        Settings settings = Settings.of(Map.of("AUTH_PRIVATE_KEY", "hush", "POSTGRES", "postgres://u:hush@h"));
        for (String name : new String[] {"AUTH_PRIVATE_KEY", "POSTGRES"}) {
            assertThatThrownBy(() -> settings.value(name, "something else", text -> {
                        throw new IllegalArgumentException("no");
                    }))
                    .hasMessageContaining(name)
                    .hasMessageNotContaining("hush");
        }
    }

    @Test
    void durationsAreMilliseconds() {
        assertThat(Settings.of(Map.of("D", "1500")).millis("D", Duration.ZERO, Duration.ZERO))
                .isEqualTo(Duration.ofMillis(1500));
    }
}
