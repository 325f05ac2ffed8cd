package dev.weft.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.auth.P384Keys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    private Path folder;

    @Test
    void keysAreMadeOnceAndTheirOwnersAlone() throws Exception {
        Path path = folder.resolve("a/data");
        P384Keys keys;
        try (DataFolder data = DataFolder.open(path)) {
            keys = data.keys();
        }
        try (DataFolder data = DataFolder.open(path)) {
            assertThat(data.keys().privateJwk()).isEqualTo(keys.privateJwk());
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path.resolve("keys.env"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rwx------");
    }

    @Test
    void aFolderInUseIsRefusedUntilItIsLeft() throws Exception {
        DataFolder first = DataFolder.open(folder);
        assertThatThrownBy(() -> DataFolder.open(folder))
                .isInstanceOf(DemoException.class)
                .hasMessageContaining("in use by another demo (process "
                        + ProcessHandle.current().pid() + ")")
                .hasMessageContaining("--data");
        first.close();
        DataFolder.open(folder).close();
    }

    @Test
    void aFileInTheWayIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        assertThatThrownBy(() -> DataFolder.open(file)).hasMessageContaining(file + " is a file");
        assertThatThrownBy(() -> DataFolder.open(file.resolve("data")))
                .hasMessageContaining("cannot write to the data folder " + file.resolve("data"));
    }

    @Test
    void damagedKeysAreNotReplacedInSilence() throws Exception {
        try (DataFolder data = DataFolder.open(folder)) {
            data.keys();
            Path file = folder.resolve("keys.env");
            Files.writeString(file, Files.readString(file).replace("P-384", "P-999"));
            assertThatThrownBy(data::keys).hasMessageContaining(file.toString()).hasMessageContaining("delete it");
        }
    }
}
