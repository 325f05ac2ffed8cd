package dev.weft.storage.postgres;

import dev.weft.settings.Settings;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.DocumentStorageProvider;
import java.time.Duration;

/**
 * Opens documents in Postgres, configured by
 *
 * <ul>
 *   <li>{@code POSTGRES}: address of the database, see {@link PostgresAddress};
 *   <li>{@code POSTGRES_POOL_SIZE}: the most connections that this process opens, 10 by default, at least 1;
 *   <li>{@code POSTGRES_TIMEOUT}: how long one statement may take, in milliseconds, 30000 by default, at least 1000;
 *   <li>{@code YREDIS_DOCUMENTS}: whether documents that y-redis stored are read, {@code true} by default.
 * </ul>
 */
public final class PostgresStorageProvider implements DocumentStorageProvider {
    private static final String ADDRESS = "POSTGRES";
    private static final String ADDRESS_FORM = "postgres://user:password@host:port/database";
    private static final int DEFAULT_POOL_SIZE = 10;
    private static final int LARGEST_POOL_SIZE = 1000;
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LEAST_TIMEOUT = Duration.ofSeconds(1);

    /** For {@link java.util.ServiceLoader}. */
    public PostgresStorageProvider() {}

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public boolean isConfigured(Settings settings) {
        return settings.text(ADDRESS).isPresent();
    }

    @Override
    public String hint() {
        return ADDRESS + "=" + ADDRESS_FORM;
    }

    @Override
    public DocumentStorage open(Settings settings) {
        PostgresAddress address = settings.required(ADDRESS, ADDRESS_FORM, PostgresAddress::parse);
        return PostgresStorage.open(
                address,
                settings.integer("POSTGRES_POOL_SIZE", DEFAULT_POOL_SIZE, 1, LARGEST_POOL_SIZE),
                settings.millis("POSTGRES_TIMEOUT", DEFAULT_TIMEOUT, LEAST_TIMEOUT),
                settings.flag("YREDIS_DOCUMENTS", true));
    }
}
