package dev.weft.chaos;

import dev.weft.settings.Settings;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.DocumentStorageProvider;
import dev.weft.storage.StorageException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ServiceLoader;

/**
 * Another storage, some calls of which fail on command: {@code STORAGE=failing}, the other's name in {@code CHAOS_STORAGE}, and in {@code
 * CHAOS_ORDERS} a file that may come and go, with a method of {@link DocumentStorage} and {@code before} or {@code after}: {@code store after}
 * lets every version be stored, and tells the worker that it failed.
 */
public final class FailingStorageProvider implements DocumentStorageProvider {
    static final String NAME = "failing";
    static final String STORAGE = "CHAOS_STORAGE";
    static final String ORDERS = "CHAOS_ORDERS";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean isConfigured(Settings settings) {
        return false; // never by chance
    }

    @Override
    public String hint() {
        return "STORAGE=" + NAME;
    }

    @Override
    public DocumentStorage open(Settings settings) {
        String other = settings.required(STORAGE, "the name of the storage to wrap", name -> name);
        Path orders = settings.required(ORDERS, "the path of a file", Path::of);
        DocumentStorage storage = ServiceLoader.load(DocumentStorageProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals(other))
                .findFirst()
                .orElseThrow(() -> new StorageException("there is no storage " + other))
                .open(settings);
        return failing(storage, orders);
    }

    /** A proxy, so that what the contract gains may fail, too. */
    private static DocumentStorage failing(DocumentStorage storage, Path orders) {
        return (DocumentStorage) Proxy.newProxyInstance(
                DocumentStorage.class.getClassLoader(),
                new Class<?>[] {DocumentStorage.class},
                (proxy, method, arguments) -> {
                    if (order(orders).equals(method.getName() + " before")) {
                        throw new StorageException("played: " + method.getName() + " fails");
                    }
                    Object result;
                    try {
                        result = method.invoke(storage, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (order(orders).equals(method.getName() + " after")) {
                        throw new StorageException("played: " + method.getName() + " was done and fails");
                    }
                    return result;
                });
    }

    private static String order(Path orders) throws IOException {
        try {
            return Files.readString(orders).strip();
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}
