package dev.weft.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.settings.InvalidSettingException;
import dev.weft.settings.Settings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DocumentStoragesTest {
    private static final List<DocumentStorageProvider> PROVIDERS =
            List.of(new Provider("postgres", "POSTGRES"), new Provider("s3", "S3_ENDPOINT"));

    @Test
    void theOnlyConfiguredStorageIsChosen() {
        assertThat(choose(Map.of("S3_ENDPOINT", "s3"))).isEqualTo("s3");
        assertThat(choose(Map.of("POSTGRES", "postgres://db"))).isEqualTo("postgres");
    }

    @Test
    void settingNamesTheStorageWhenSeveralAreConfigured() {
        Map<String, String> both = Map.of("S3_ENDPOINT", "s3", "POSTGRES", "postgres://db", "STORAGE", "S3");

        assertThat(choose(both)).isEqualTo("s3");
    }

    @Test
    void severalConfiguredStoragesWithoutAChoiceAreRefused() {
        assertThatThrownBy(() -> choose(Map.of("S3_ENDPOINT", "s3", "POSTGRES", "postgres://db")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith("STORAGE ")
                .hasMessageContaining("one of postgres, s3");
    }

    @Test
    void noStorageIsRefusedWithTheSettingsThatWouldNameOne() {
        assertThatThrownBy(() -> choose(Map.of()))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith("STORAGE ")
                .hasMessageContaining("set POSTGRES=…, or S3_ENDPOINT=…");
    }

    @Test
    void unknownStorageIsRefusedWithTheNamesOfThoseThereAre() {
        assertThatThrownBy(() -> choose(Map.of("STORAGE", "floppy")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("floppy")
                .hasMessageContaining("one of postgres, s3");
    }

    private static String choose(Map<String, String> settings) {
        return DocumentStorages.choose(Settings.of(settings), PROVIDERS).name();
    }

    private record Provider(String name, String setting) implements DocumentStorageProvider {
        @Override
        public boolean isConfigured(Settings settings) {
            return settings.text(setting).isPresent();
        }

        @Override
        public String hint() {
            return setting + "=…";
        }

        @Override
        public DocumentStorage open(Settings settings) {
            return new InMemoryStorage();
        }
    }
}
