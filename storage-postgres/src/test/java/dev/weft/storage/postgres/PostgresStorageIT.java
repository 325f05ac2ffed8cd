package dev.weft.storage.postgres;

import dev.weft.settings.Settings;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.DocumentStorageContract;
import dev.weft.storage.DocumentStorages;
import dev.weft.testing.TestPostgres;
import java.util.Map;

class PostgresStorageIT extends DocumentStorageContract {
    private static final String DATABASE = TestPostgres.shared().createDatabase();

    @Override
    protected DocumentStorage open() {
        return DocumentStorages.open(Settings.of(Map.of("POSTGRES", DATABASE)));
    }
}
