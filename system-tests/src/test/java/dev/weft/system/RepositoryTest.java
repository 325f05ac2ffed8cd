package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must not get into files that everybody clones. */
class RepositoryTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "system-tests/js/package-lock.json",
                "demo/page/package-lock.json",
                "benchmarks/src/main/js/package-lock.json",
                "benchmarks/src/main/peers/package-lock.json"
            })
    void lockFilesNameNoRegistry(String file) throws IOException {
        List<String> addresses = Files.readAllLines(Checkout.ROOT.resolve(file)).stream()
                .filter(line -> line.contains("\"resolved\"") || line.contains("file:"))
                .toList();

        assertThat(addresses).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"system-tests/js", "demo/page", "benchmarks/src/main/js", "benchmarks/src/main/peers"})
    void npmIsToldToKeepAddressesOutOfLockFiles(String folder) throws IOException {
        // npm reads the .npmrc beside package.json, not that of the repository's root.
        Path settings = Checkout.ROOT.resolve(folder).resolve(".npmrc");

        assertThat(Files.readString(settings)).contains("omit-lockfile-registry-resolved=true");
    }
}
