package dev.weft.storage;

import dev.weft.settings.Settings;

/**
 * Makes a {@link DocumentStorage} from what the operator configured. Found by {@link java.util.ServiceLoader}; see {@link
 * DocumentStorages#open} for how one is chosen.
 */
public interface DocumentStorageProvider {
    /** The name by which {@code STORAGE} chooses it, in lower case: {@code postgres}. */
    String name();

    /** Whether the settings speak of this storage, so that it is meant when {@code STORAGE} is not set. */
    boolean isConfigured(Settings settings);

    /** The settings by which it is configured, for error messages: {@code POSTGRES=postgres://…}. */
    String hint();

    /**
     * Connects, and makes bucket or tables where they are missing.
     *
     * @throws dev.weft.settings.InvalidSettingException if a setting is missing or bad
     * @throws StorageException if the storage does not answer
     */
    DocumentStorage open(Settings settings);
}
