package dev.weft.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.room.RoomName;
import dev.weft.settings.InvalidSettingException;
import dev.weft.settings.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
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
                        3,
                        Runtime.getRuntime().maxMemory() / 2,
                        new GarbagePolicy(true, List.of()),
                        new VersionPolicy(8, 65536, Duration.ofDays(1)),
                        6,
                        Optional.empty(),
                        OptionalInt.empty(),
                        Duration.ofSeconds(10)));
    }

    @Test
    void callbackLosesTheSlashAtItsEnd() {
        WorkerSettings settings =
                WorkerSettings.from(Settings.of(Map.of("YDOC_UPDATE_CALLBACK", "https://host:1/ydoc/")));
        assertThat(settings.webhook())
                .contains(new WebhookSettings(
                        URI.create("https://host:1/ydoc"),
                        Duration.ofSeconds(10),
                        Optional.empty(),
                        WebhookFormat.UPDATE));
    }

    @Test
    void secretThatIsTooShortIsRefusedAndNoneIsPrinted() {
        Map<String, String> values = Map.of("YDOC_UPDATE_CALLBACK", "https://host/", "YDOC_UPDATE_SECRET", "too short");
        assertThatThrownBy(() -> WorkerSettings.from(Settings.of(values)))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("YDOC_UPDATE_SECRET");
        assertThat(WebhookSecret.of("0123456789abcdef").toString()).doesNotContain("0123");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1g", "-1", "1000"})
    void memoryThatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> WorkerSettings.from(Settings.of(Map.of("WORKER_MEMORY_BYTES", text))))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("WORKER_MEMORY_BYTES");
    }

    @Test
    void roomsThatKeepTheirHistoryAreNamedByPatterns() {
        GarbagePolicy policy =
                GarbagePolicy.from(Settings.of(Map.of("YDOC_GC_EXCEPT", "minutes/*, contract-*-v[1], exactly this")));
        assertThat(policy.collectsIn(new RoomName("other"))).isTrue();
        assertThat(policy.collectsIn(new RoomName("minutes/2026/11\n"))).isFalse();
        assertThat(policy.collectsIn(new RoomName("contract-7-v[1]"))).isFalse();
        assertThat(policy.collectsIn(new RoomName("contract-7-v1"))).isTrue();
        assertThat(policy.collectsIn(new RoomName("exactly this"))).isFalse();
        assertThat(policy.collectsIn(new RoomName("not exactly this"))).isTrue();
        assertThat(GarbagePolicy.from(Settings.of(Map.of("YDOC_GC", "false"))).collectsIn(new RoomName("other")))
                .isFalse();
        assertThatThrownBy(() -> GarbagePolicy.from(Settings.of(Map.of("YDOC_GC_EXCEPT", "a,,b"))))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("YDOC_GC_EXCEPT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"host/ydoc", "ftp://host/", "https://", "http://a b"})
    void callbackThatIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> WorkerSettings.from(Settings.of(Map.of("YDOC_UPDATE_CALLBACK", text))))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("YDOC_UPDATE_CALLBACK");
    }
}
