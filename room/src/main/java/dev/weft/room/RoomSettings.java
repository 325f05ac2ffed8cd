package dev.weft.room;

import dev.weft.settings.Settings;
import io.lettuce.core.RedisURI;
import java.time.Duration;

/**
 * What servers and workers must agree on.
 *
 * @param redis where Redis is ({@code REDIS}, or {@code REDIS_URL})
 * @param prefix first part of every key ({@code REDIS_PREFIX}, default {@code y})
 * @param minMessageLifetime how long an entry stays in its stream even when storage has it ({@code REDIS_MIN_MESSAGE_LIFETIME}); also the
 *     longest outage of a node's link to Redis after which it can catch up instead of having its clients synchronise anew
 * @param taskDebounce how long after a room's first write it is compacted, and how long a worker may be silent before its tasks are taken
 *     over ({@code REDIS_TASK_DEBOUNCE})
 * @param timeout how long a command may take; one that takes longer counts as failed ({@code REDIS_TIMEOUT})
 */
public record RoomSettings(
        RedisURI redis, String prefix, Duration minMessageLifetime, Duration taskDebounce, Duration timeout) {
    private static final Duration DEFAULT_LIFETIME = Duration.ofSeconds(60);
    private static final Duration DEFAULT_DEBOUNCE = Duration.ofSeconds(10);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
    private static final String EXPECTS =
            "a Redis URL such as redis://localhost:6379 or rediss://user:password@host:6380/0";

    /** With the default timeout. */
    public RoomSettings(RedisURI redis, String prefix, Duration minMessageLifetime, Duration taskDebounce) {
        this(redis, prefix, minMessageLifetime, taskDebounce, DEFAULT_TIMEOUT);
    }

    public static RoomSettings from(Settings settings) {
        RedisURI redis = settings.<RedisURI>value("REDIS", EXPECTS, RedisURI::create)
                .or(() -> settings.value("REDIS_URL", EXPECTS, RedisURI::create))
                .orElseGet(() -> settings.required("REDIS", EXPECTS, RedisURI::create));
        return new RoomSettings(
                redis,
                settings.text("REDIS_PREFIX").orElse("y"),
                settings.millis("REDIS_MIN_MESSAGE_LIFETIME", DEFAULT_LIFETIME, Duration.ofMillis(100)),
                settings.millis("REDIS_TASK_DEBOUNCE", DEFAULT_DEBOUNCE, Duration.ofMillis(100)),
                settings.millis("REDIS_TIMEOUT", DEFAULT_TIMEOUT, Duration.ofMillis(100)));
    }
}
