package dev.weft.storage.s3;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes the UUIDs (version 7, RFC 9562) by which versions are called, so that one stored in place of others sorts after them, whatever the
 * clocks of the processes say.
 *
 * <p>Listing a document page by page depends on it: whoever finds a version gone that an earlier page would have had, finds its
 * replacement on a later one. So this is a hybrid logical clock: it follows the time of day, but is always ahead of every UUID that it made
 * or {@linkplain #observe was shown}. Its ticks are milliseconds and, in the 12 bits after them, a count within the millisecond; the last
 * 62 bits are random, so that two processes never make the same. May be used by several threads.
 */
final class VersionClock {
    private static final int COUNT_BITS = 12;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
    private static final int VERSION_BITS = 4;
    private static final long VERSION_7 = 7L << COUNT_BITS;
    private static final long VARIANT = 0b10L << 62;

    private final InstantSource time;
    private final SecureRandom random = new SecureRandom();
    private final AtomicLong last = new AtomicLong();

    VersionClock(InstantSource time) {
        this.time = time;
    }

    /** A UUID that sorts after all that were made or observed here. */
    UUID next() {
        long now = time.millis() << COUNT_BITS;
        long tick = last.updateAndGet(previous -> Math.max(now, previous + 1));
        long high = (tick >>> COUNT_BITS) << (COUNT_BITS + VERSION_BITS) | VERSION_7 | (tick & COUNT_MASK);
        return new UUID(high, VARIANT | random.nextLong() >>> 2);
    }

    /** Puts the clock ahead of a UUID that this or another clock made. */
    void observe(UUID uuid) {
        long high = uuid.getMostSignificantBits();
        long tick = (high >>> (COUNT_BITS + VERSION_BITS)) << COUNT_BITS | (high & COUNT_MASK);
        last.accumulateAndGet(tick, Math::max);
    }
}
