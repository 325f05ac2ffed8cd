package dev.weft.testing;

/** What the system properties say about where test services come from. */
final class TestServices {
    static final String REDIS_IMAGE = "redis:7-alpine";
    static final String POSTGRES_IMAGE = "postgres:18-alpine";

    private TestServices() {}

    /** Whether shared services run in containers; the Maven profile {@code containers} asks for it. */
    static boolean inContainers() {
        String services = System.getProperty("weft.test.services", "embedded");
        return switch (services) {
            case "embedded" -> false;
            case "containers" -> true;
            default ->
                throw new IllegalArgumentException(
                        "weft.test.services is '" + services + "'; it is embedded or containers");
        };
    }

    static String redisImage() {
        return System.getProperty("weft.test.redis.image", REDIS_IMAGE);
    }

    static String postgresImage() {
        return System.getProperty("weft.test.postgres.image", POSTGRES_IMAGE);
    }
}
