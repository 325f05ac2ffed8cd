package dev.weft.auth;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the worker told about documents that changed. A real backend would index the text, make a preview or store a copy; this one keeps
 * the size of the last version of the last few rooms. Thread-safe.
 */
final class Webhooks {
    private static final Logger log = LoggerFactory.getLogger(Webhooks.class);
    private static final int ROOMS = 1000;

    private final Clock clock;
    private final Map<String, Received> last = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Received> eldest) {
            return size() > ROOMS;
        }
    };

    Webhooks(Clock clock) {
        this.clock = clock;
    }

    /** @param update the whole document as one update in encoding V2 */
    synchronized void receive(String room, byte[] update) {
        long times = 1 + find(room).map(Received::times).orElse(0L);
        last.put(room, new Received(update.length, clock.instant(), times));
        log.info("The document of room '{}' changed: {} bytes", room, update.length);
    }

    synchronized Optional<Received> find(String room) {
        return Optional.ofNullable(last.get(room));
    }

    /**
     * @param bytes length of the last update
     * @param at when it came
     * @param times how many came since this process started
     */
    record Received(int bytes, Instant at, long times) {}
}
