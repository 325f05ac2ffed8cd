package dev.weft.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class VersionClockTest {
    private static final long NOW = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    private final AtomicLong millis = new AtomicLong(NOW);
    private final VersionClock clock = new VersionClock(() -> Instant.ofEpochMilli(millis.get()));

    @Test
    void uuidHoldsTheTimeInItsFirst48Bits() {
        UUID uuid = clock.next();

        assertThat(uuid.getMostSignificantBits() >>> 16).isEqualTo(NOW);
        assertThat(uuid.version()).isEqualTo(7);
        assertThat(uuid.variant()).isEqualTo(2);
    }

    @Test
    void eachIsGreaterThanTheOneBeforeThoughTimeStandsStillOrGoesBack() {
        String previous = "";
        for (int i = 0; i < 20_000; i++) {
            if (i == 10_000) {
                millis.addAndGet(-3_600_000);
            }
            String next = clock.next().toString();
            assertThat(next).isGreaterThan(previous);
            previous = next;
        }
    }

    @Test
    void eachIsGreaterThanWhatWasObservedFromAClockThatIsAhead() {
        VersionClock ahead = new VersionClock(InstantSource.fixed(Instant.ofEpochMilli(NOW + 3_600_000)));
        UUID observed = ahead.next();
        for (int i = 0; i < 5_000; i++) {
            observed = ahead.next();
        }

        clock.observe(observed);

        assertThat(clock.next().toString()).isGreaterThan(observed.toString());
    }

    @Test
    void whatWasObservedFromThePastChangesNothing() {
        clock.observe(new VersionClock(InstantSource.fixed(Instant.EPOCH)).next());

        assertThat(clock.next().getMostSignificantBits() >>> 16).isEqualTo(NOW);
    }
}
