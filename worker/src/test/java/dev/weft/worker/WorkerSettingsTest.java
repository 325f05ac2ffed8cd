package dev.weft.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.settings.InvalidSettingException;
import dev.weft.settings.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerSettingsTest {
    @Test
    void defaultsAreTheDocumentedOnes() {
        assertThat(WorkerSettings.from(Settings.of(Map.of())))
                .isEqualTo(new WorkerSettings(
                        3, Optional.empty(), Duration.ofSeconds(10), OptionalInt.empty(), Duration.ofSeconds(10)));
    }

    @Test
    void callbackLosesTheSlashAtItsEnd() {
        WorkerSettings settings =
                WorkerSettings.from(Settings.of(Map.of("YDOC_UPDATE_CALLBACK", "https://host:1/ydoc/")));
        assertThat(settings.callback()).contains(URI.create("https://host:1/ydoc"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"host/ydoc", "ftp://host/", "https://", "http://a b"})
    void callbackThatIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> WorkerSettings.from(Settings.of(Map.of("YDOC_UPDATE_CALLBACK", text))))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("YDOC_UPDATE_CALLBACK");
    }
}
