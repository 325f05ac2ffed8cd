package dev.weft.storage.postgres;

import dev.weft.settings.Settings;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.DocumentStorageProvider;

/**
 * Opens documents in Postgres, configured by
 *
 * <ul>
 *   <li>{@code POSTGRES}: address of the database, see {@link PostgresAddress};
 *   <li>{@code POSTGRES_POOL_SIZE}: the most connections that this process opens, 10 by default, at least 1;
 *   <li>{@code POSTGRES_POOL_WAIT}: how long who needs one of them waits, in milliseconds, 10000 by default, at least 250;
 *   <li>{@code POSTGRES_TIMEOUT}: how long one statement may take, in milliseconds, 30000 by default, at least 1000;
 *   <li>{@code POSTGRES_MIGRATE}: whether tables that are missing or old are made at the start, {@code true} by default;
 *   <li>{@code YREDIS_DOCUMENTS}: whether documents that y-redis stored are read, {@code true} by default.
 * </ul>
 */
public final class PostgresStorageProvider implements DocumentStorageProvider {
    /** For {@link java.util.ServiceLoader}. */
    public PostgresStorageProvider() {}

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public boolean isConfigured(Settings settings) {
        return settings.text(PostgresOptions.ADDRESS).isPresent();
    }

    @Override
    public String hint() {
        return PostgresOptions.ADDRESS + "=" + PostgresOptions.ADDRESS_FORM;
    }

    @Override
    public DocumentStorage open(Settings settings) {
        return PostgresStorage.open(PostgresOptions.of(settings));
    }
}
