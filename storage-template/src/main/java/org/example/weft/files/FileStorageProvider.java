package org.example.weft.files;

import dev.weft.settings.Settings;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.DocumentStorageProvider;
import java.nio.file.Path;

/** Opens documents in the folder that {@code FILES} names; {@code STORAGE=files} chooses it beside others. */
public final class FileStorageProvider implements DocumentStorageProvider {
    private static final String FOLDER = "FILES";

    /** For {@link java.util.ServiceLoader}. */
    public FileStorageProvider() {}

    @Override
    public String name() {
        return "files";
    }

    @Override
    public boolean isConfigured(Settings settings) {
        return settings.text(FOLDER).isPresent();
    }

    @Override
    public String hint() {
        return FOLDER + "=/var/lib/weft";
    }

    @Override
    public DocumentStorage open(Settings settings) {
        return new FileStorage(settings.required(FOLDER, "a folder, which is made if it is missing", Path::of));
    }
}
