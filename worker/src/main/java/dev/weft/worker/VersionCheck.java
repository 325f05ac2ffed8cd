package dev.weft.worker;

import dev.weft.storage.DocumentId;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.StorageException;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.VersionInfo;
import dev.weft.yjs.MalformedException;
import dev.weft.yjs.Updates;
import java.util.List;
import java.util.stream.Stream;

/** Looks whether each stored version of a document can be read, one after the other. */
final class VersionCheck {
    private final DocumentStorage storage;

    VersionCheck(DocumentStorage storage) {
        this.storage = storage;
    }

    /** A line for each version. */
    Stream<String> of(DocumentId document) {
        return storage.list(document).stream()
                .map(version -> version.reference().value() + " of " + version.bytes() + " bytes, stored "
                        + version.storedAt() + ": " + verdict(document, version));
    }

    private String verdict(DocumentId document, VersionInfo version) {
        try {
            List<StoredVersion> read = storage.load(document, List.of(version.reference()));
            read.forEach(stored -> Updates.check(stored.update()));
            return read.isEmpty() ? "replaced meanwhile" : "good";
        } catch (MalformedException e) {
            return "malformed: " + e.getMessage();
        } catch (StorageException e) {
            return "cannot be read: " + e.getMessage();
        }
    }
}
