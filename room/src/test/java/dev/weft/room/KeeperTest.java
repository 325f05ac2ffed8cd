package dev.weft.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class KeeperTest {
    private static final Duration INTERVAL = Duration.ofMillis(400);

    @Test
    void keepersOfAProcessLookAtTheSameMoments() {
        List<Long> first = new CopyOnWriteArrayList<>();
        List<Long> second = new CopyOnWriteArrayList<>();
        try (Keeper one = new Keeper("one", () -> first.add(System.nanoTime()), INTERVAL);
                Keeper other = new Keeper("other", () -> second.add(System.nanoTime()), INTERVAL)) {
            one.start();
            await().pollDelay(INTERVAL.dividedBy(2)).until(() -> true);
            other.start();
            await().until(() -> first.size() > 4 && second.size() > 4);
        }
        // What was looked at when they started does not count.
        List<Long> ofOne = first.subList(1, first.size());
        assertThat(second.subList(1, 4))
                .allSatisfy(moment -> assertThat(ofOne)
                        .anySatisfy(other -> assertThat(Math.abs(moment - other))
                                .isLessThan(INTERVAL.dividedBy(8).toNanos())));
    }
}
