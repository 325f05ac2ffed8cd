package dev.weft.storage;

import dev.weft.settings.InvalidSettingException;
import dev.weft.settings.Settings;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** Chooses and opens the storage that the operator configured. */
public final class DocumentStorages {
    private DocumentStorages() {}

    /**
     * Opens the storage that {@code STORAGE} names, else the only one that the settings speak of.
     *
     * @throws InvalidSettingException if none or several are meant, or a setting is bad
     * @throws StorageException if the storage does not answer
     */
    public static DocumentStorage open(Settings settings) {
        return choose(
                        settings,
                        ServiceLoader.load(DocumentStorageProvider.class).stream()
                                .map(ServiceLoader.Provider::get)
                                .toList())
                .open(settings);
    }

    static DocumentStorageProvider choose(Settings settings, List<DocumentStorageProvider> providers) {
        String names =
                providers.stream().map(DocumentStorageProvider::name).sorted().collect(Collectors.joining(", "));
        return settings.<DocumentStorageProvider>value(
                        "STORAGE",
                        "one of " + names,
                        text -> providers.stream()
                                .filter(provider -> provider.name().equals(text.toLowerCase(Locale.ROOT)))
                                .findFirst()
                                .orElseThrow(() -> new IllegalArgumentException("no such storage here")))
                .orElseGet(() -> onlyOneConfigured(settings, providers, names));
    }

    private static DocumentStorageProvider onlyOneConfigured(
            Settings settings, List<DocumentStorageProvider> providers, String names) {
        List<DocumentStorageProvider> meant = providers.stream()
                .filter(provider -> provider.isConfigured(settings))
                .toList();
        if (meant.size() == 1) {
            return meant.get(0);
        }
        String hints = providers.stream().map(DocumentStorageProvider::hint).collect(Collectors.joining(", or "));
        throw new InvalidSettingException(
                "STORAGE",
                meant.isEmpty()
                        ? "a storage for documents: set " + hints
                        : "one of " + names + ", because the settings speak of several");
    }
}
