package dev.weft.storage.postgres;

import dev.weft.settings.Settings;
import java.time.Duration;

/**
 * How to use a database; {@link PostgresStorageProvider} tells the settings.
 *
 * @param poolWait how long who needs a connection waits for one
 * @param timeout how long a statement may take
 * @param migrates whether tables that are missing or old are made
 * @param withYRedis whether documents of y-redis are looked for
 */
record PostgresOptions(
        PostgresAddress address,
        int poolSize,
        Duration poolWait,
        Duration timeout,
        boolean migrates,
        boolean withYRedis) {
    static final String ADDRESS = "POSTGRES";
    static final String ADDRESS_FORM = "postgres://user:password@host:port/database";
    private static final int DEFAULT_POOL_SIZE = 10;
    private static final int LARGEST_POOL_SIZE = 1000;
    private static final Duration DEFAULT_POOL_WAIT = Duration.ofSeconds(10);
    private static final Duration LEAST_POOL_WAIT = Duration.ofMillis(250); // Hikari's own.
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LEAST_TIMEOUT = Duration.ofSeconds(1);

    static PostgresOptions of(Settings settings) {
        return new PostgresOptions(
                settings.required(ADDRESS, ADDRESS_FORM, PostgresAddress::parse),
                settings.integer("POSTGRES_POOL_SIZE", DEFAULT_POOL_SIZE, 1, LARGEST_POOL_SIZE),
                settings.millis("POSTGRES_POOL_WAIT", DEFAULT_POOL_WAIT, LEAST_POOL_WAIT),
                settings.millis("POSTGRES_TIMEOUT", DEFAULT_TIMEOUT, LEAST_TIMEOUT),
                settings.flag("POSTGRES_MIGRATE", true),
                settings.flag("YREDIS_DOCUMENTS", true));
    }
}
