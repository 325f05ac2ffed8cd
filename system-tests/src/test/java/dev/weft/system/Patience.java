package dev.weft.system;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** How long system tests wait for what must happen: long enough for a busy machine, since a wait ends as soon as it may. */
final class Patience {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration POLL = Duration.ofMillis(50);

    private Patience() {}

    static ConditionFactory await(String what) {
        // On the test's own thread, because Playwright allows no other; what is asked has time limits of its own.
        return Awaitility.await(what)
                .pollInSameThread()
                .atMost(LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL);
    }
}
