package dev.weft.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeeperTest {
    private static final Duration INTERVAL = Duration.ofMillis(400);

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 199_999_999, 200_000_000, 200_000_001, 399_999_999, 400_000_000, -1, Long.MIN_VALUE})
    void keepersOfAProcessLookAtTheSameMoments(long now) {
        long interval = INTERVAL.toNanos();
        long pause = Keeper.untilNext(now, INTERVAL).toNanos();
        assertThat(Math.floorMod(now + pause, interval)).isZero();
        assertThat(pause).isBetween(interval / 2, interval + interval / 2);
    }
}
