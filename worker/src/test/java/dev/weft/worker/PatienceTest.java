package dev.weft.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.room.Backlog;
import dev.weft.room.EntryId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private final Patience patience = new Patience(Duration.ofSeconds(30), Duration.ofSeconds(10));

    @Test
    void lastsWhileSomebodyWritesUntilTheOldestEntryHasWaitedLongEnough() {
        assertThat(patience.lasts(backlog(10_000, 0, 5000))).isTrue();
        assertThat(patience.lasts(backlog(29_999, 9999, 5000))).isTrue();
        assertThat(patience.lasts(backlog(30_000, 0, 5000))).isFalse();
    }

    @Test
    void endsWhenNobodyWrote() {
        assertThat(patience.lasts(backlog(10_000, 10_000, 5000))).isFalse();
    }

    @Test
    void endsWhenMuchWaits() {
        assertThat(patience.lasts(backlog(10_000, 0, (1 << 20) - 1))).isTrue();
        assertThat(patience.lasts(backlog(10_000, 0, 1 << 20))).isFalse();
    }

    @Test
    void noneNeverLasts() {
        assertThat(Patience.NONE.lasts(backlog(0, 0, 1))).isFalse();
    }

    private static Backlog backlog(long waited, long quiet, long bytes) {
        return new Backlog(EntryId.ZERO, Duration.ofMillis(waited), Duration.ofMillis(quiet), bytes);
    }
}
