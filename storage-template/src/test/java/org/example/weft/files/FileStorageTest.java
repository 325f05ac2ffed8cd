package org.example.weft.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.settings.Settings;
import dev.weft.storage.DocumentId;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.DocumentStorageContract;
import dev.weft.storage.DocumentStorages;
import dev.weft.storage.UnreadableVersionException;
import dev.weft.yjs.StateVector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All that every storage promises, and what is special to this one. */
class FileStorageTest extends DocumentStorageContract {
    private static final DocumentId DOCUMENT = DocumentId.ofRoom("a room");

    @TempDir
    private Path folder;

    /** As servers and workers open it: found by ServiceLoader, chosen by its setting. */
    @Override
    protected DocumentStorage open() {
        return DocumentStorages.open(Settings.of(Map.of("FILES", folder.toString())));
    }

    @Test
    void damagedFileIsAnErrorAndNoEmptyDocument() throws IOException {
        try (DocumentStorage storage = open()) {
            Path file = find(storage.store(DOCUMENT, new byte[] {1, 2, 3}, StateVector.empty())
                    .value());
            byte[] whole = Files.readAllBytes(file);
            for (int i = 0; i < whole.length; i++) {
                byte[] damaged = whole.clone();
                damaged[i] ^= 1;
                Files.write(file, damaged);
                assertThatThrownBy(() -> storage.load(DOCUMENT)).isInstanceOf(UnreadableVersionException.class);
            }
            Files.write(file, new byte[3]);
            assertThatThrownBy(() -> storage.load(DOCUMENT)).isInstanceOf(UnreadableVersionException.class);
        }
    }

    @Test
    void whatACrashLeftUnfinishedIsNoVersionAndIsErasedToo() throws IOException {
        try (DocumentStorage storage = open()) {
            String version =
                    storage.store(DOCUMENT, new byte[] {1}, StateVector.empty()).value();
            Path unfinished = find(version).resolveSibling("01234567-89ab-cdef-0123-456789abcdef.unfinished");
            Files.write(unfinished, new byte[] {1, 2});

            assertThat(storage.list(DOCUMENT)).hasSize(1);
            storage.erase(DOCUMENT);
            assertThat(unfinished).doesNotExist();
        }
    }

    private Path find(String name) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> found = files.filter(file -> file.endsWith(name)).toList();
            assertThat(found).hasSize(1);
            return found.getFirst();
        }
    }
}
