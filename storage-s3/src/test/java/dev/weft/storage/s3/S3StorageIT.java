package dev.weft.storage.s3;

import dev.weft.settings.Settings;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.DocumentStorageContract;
import dev.weft.storage.DocumentStorages;
import dev.weft.testing.TestS3;
import java.util.Map;

class S3StorageIT extends DocumentStorageContract {
    private static final Map<String, String> SETTINGS = TestS3.shared().settings();

    @Override
    protected DocumentStorage open() {
        return DocumentStorages.open(Settings.of(SETTINGS));
    }
}
