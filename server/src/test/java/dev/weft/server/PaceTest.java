package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long INTERVAL = 20_000_000;

    private final ManualLoop loop = new ManualLoop();
    private final List<Long> departures = new ArrayList<>();
    private final Pace pace = new Pace(loop.loop(), loop.clock(), this::depart);

    @Test
    void firstAfterAQuietTimeLeavesAtOnce() {
        pace.due(INTERVAL);
        assertThat(departures).containsExactly(0L);
        loop.pass(40);
        pace.due(INTERVAL);
        assertThat(departures).containsExactly(0L, 40L);
        assertThat(pace.isWaiting()).isFalse();
    }

    @Test
    void whatComesCloserLeavesOnceAnInterval() {
        for (int i = 0; i < 100; i++) {
            pace.due(INTERVAL);
            loop.pass(1);
        }
        assertThat(departures).containsExactly(0L, 20L, 40L, 60L, 80L, 100L);
    }

    @Test
    void earlierTimeCountsWhicheverWasAskedForFirst() {
        pace.due(INTERVAL);
        pace.due(5 * INTERVAL);
        pace.due(INTERVAL);
        loop.pass(19);
        assertThat(departures).hasSize(1);
        assertThat(pace.isWaiting()).isTrue();
        loop.pass(1);
        pace.due(INTERVAL);
        pace.due(5 * INTERVAL);
        loop.pass(200);
        assertThat(departures).containsExactly(0L, 20L, 40L);
    }

    @Test
    void departureForAnotherReasonCounts() {
        pace.due(INTERVAL);
        pace.due(INTERVAL);
        loop.pass(10);
        depart();
        assertThat(pace.isWaiting()).isFalse();
        pace.due(INTERVAL);
        loop.pass(30);
        assertThat(departures).containsExactly(0L, 10L, 30L);
    }

    private void depart() {
        departures.add(loop.millis());
        pace.departed();
    }
}
