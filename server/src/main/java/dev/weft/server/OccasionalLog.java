package dev.weft.server;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/**
 * Writes one line for each cause and minute, however often it occurs; the next line for the cause says how many were left out. Causes are
 * short constant strings; at most {@value #CAUSES} are remembered. Thread-safe.
 */
final class OccasionalLog {
    private static final int CAUSES = 1_000;
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final Logger log;
    private final Clock clock;
    private final Cache<String, Occasion> occasions =
            Caffeine.newBuilder().maximumSize(CAUSES).build();

    OccasionalLog(Logger log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    /** Warns, unless the same cause was written less than a minute ago. */
    void warn(String cause, String detail) {
        long now = clock.nanoTime();
        Occasion occasion = occasions.get(cause, key -> new Occasion(now - PAUSE.toNanos()));
        long last = occasion.written.get();
        if (now - last < PAUSE.toNanos() || !occasion.written.compareAndSet(last, now)) {
            occasion.leftOut.incrementAndGet();
            return;
        }
        long leftOut = occasion.leftOut.getAndSet(0);
        if (leftOut == 0) {
            log.warn("{}: {}", cause, detail);
        } else {
            log.warn("{}: {} ({} more of these since the last line)", cause, detail, leftOut);
        }
    }

    private static final class Occasion {
        /** When the last line was written. */
        private final AtomicLong written;

        private final AtomicLong leftOut = new AtomicLong();

        private Occasion(long last) {
            written = new AtomicLong(last);
        }
    }
}
