package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
    /** A period of 10 ms, a turn of 640 ms. */
    private static final long SHORTEST_MILLIS = 40;

    private final ManualLoop loop = new ManualLoop();
    private final Heartbeat heartbeat = new Heartbeat(loop.loop(), loop.clock(), SHORTEST_MILLIS);

    @Test
    void eachIsLookedAtWhenItAskedForAndNotBefore() {
        Kept every = new Kept(100);
        heartbeat.add(every.beat);
        loop.pass(1_000);
        // A period at the most later than asked for.
        assertThat(every.looks).hasSizeBetween(9, 11).first().isEqualTo(10L);
        for (int i = 1; i < every.looks.size(); i++) {
            assertThat(every.looks.get(i) - every.looks.get(i - 1)).isBetween(100L, 110L);
        }
    }

    @Test
    void whoWantsToWaitLongerThanATurnIsLookedAtOnceATurn() {
        Kept patient = new Kept(10_000);
        heartbeat.add(patient.beat);
        loop.pass(2_000);
        assertThat(patient.looks).hasSizeBetween(3, 5);
    }

    @Test
    void whoWasTakenOutIsNotLookedAt() {
        List<Kept> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Kept kept = new Kept(20);
            heartbeat.add(kept.beat);
            all.add(kept);
        }
        loop.pass(50);
        all.forEach(kept -> kept.looks.clear());
        heartbeat.remove(all.get(0).beat);
        heartbeat.remove(all.get(9).beat);
        heartbeat.remove(all.get(5).beat);
        heartbeat.remove(all.get(5).beat);
        loop.pass(100);
        for (int i = 0; i < 10; i++) {
            assertThat(all.get(i).looks.isEmpty()).as("connection " + i).isEqualTo(i == 0 || i == 5 || i == 9);
        }
    }

    @Test
    void manyWhoAreDueAtOneTimeLeaveTheLoopToOthersInBetween() {
        List<Kept> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Kept kept = new Kept(500);
            heartbeat.add(kept.beat);
            all.add(kept);
        }
        loop.pass(9);
        assertThat(all).allMatch(kept -> kept.looks.isEmpty());
        int most = 0;
        for (int looked = 0; looked < 100; ) {
            loop.pass(1);
            int now = (int) all.stream().filter(kept -> !kept.looks.isEmpty()).count();
            most = Math.max(most, now - looked);
            looked = now;
            assertThat(loop.millis()).isLessThan(20);
        }
        assertThat(most).isLessThan(40);
        loop.pass(100);
        assertThat(all).allMatch(kept -> kept.looks.size() == 1);
    }

    /** Whoever was not looked at in his period is looked at when it ends. */
    @Test
    void moreThanThereIsTimeForAreLookedAtNevertheless() {
        List<Kept> all = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            Kept kept = new Kept(500);
            heartbeat.add(kept.beat);
            all.add(kept);
        }
        loop.pass(20);
        assertThat(all).allMatch(kept -> kept.looks.size() == 1);
        loop.pass(600);
        assertThat(all).allMatch(kept -> kept.looks.size() == 2);
    }

    @Test
    void loopSleepsWhileNobodyIsThere() {
        assertThat(loop.sleeps()).isTrue();
        Kept first = new Kept(20);
        heartbeat.add(first.beat);
        loop.pass(30);
        assertThat(loop.sleeps()).isFalse();
        heartbeat.remove(first.beat);
        loop.pass(10);
        assertThat(loop.sleeps()).isTrue();
        loop.stall(5_000);
        Kept second = new Kept(20);
        heartbeat.add(second.beat);
        loop.pass(50);
        assertThat(second.looks).hasSizeBetween(2, 4);
        assertThat(heartbeat.lagNanos()).isLessThan(TimeUnit.MILLISECONDS.toNanos(2));
    }

    @Test
    void oneThatFailsDoesNotStopTheOthers() {
        Kept broken = new Kept(20);
        broken.fails = true;
        Kept sound = new Kept(20);
        heartbeat.add(broken.beat);
        heartbeat.add(sound.beat);
        loop.pass(100);
        assertThat(broken.failed).isEqualTo(1);
        assertThat(broken.looks).hasSize(1);
        assertThat(sound.looks).hasSizeGreaterThan(3);
    }

    @Test
    void lateLoopLooksAtEverybodyWhoIsDueAndSaysHowLateItWas() {
        Kept kept = new Kept(50);
        heartbeat.add(kept.beat);
        loop.pass(100);
        assertThat(heartbeat.lagNanos()).isLessThan(TimeUnit.MILLISECONDS.toNanos(2));
        int before = kept.looks.size();
        loop.stall(400);
        assertThat(heartbeat.lagNanos()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(380));
        assertThat(kept.looks.size()).isGreaterThan(before);
        loop.pass(20);
        assertThat(heartbeat.lagNanos()).isLessThan(TimeUnit.MILLISECONDS.toNanos(2));
    }

    @Test
    void manyComeAndGoAndEachIsLookedAtInTime() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Kept> present = new ArrayList<>();
        for (int step = 0; step < 2_000; step++) {
            if (present.size() < 50 && random.nextBoolean()) {
                Kept kept = new Kept(random.nextInt(300));
                kept.lastLook = loop.millis();
                present.add(kept);
                heartbeat.add(kept.beat);
            } else if (!present.isEmpty() && random.nextInt(3) == 0) {
                Kept kept = present.remove(random.nextInt(present.size()));
                heartbeat.remove(kept.beat);
                kept.gone = true;
            }
            loop.pass(1 + random.nextInt(5));
            for (Kept kept : present) {
                assertThat(loop.millis() - kept.lastLook)
                        .as("seed " + seed)
                        .isLessThanOrEqualTo(Math.max(kept.interval, 10) + 20);
            }
        }
    }

    private final class Kept implements Heartbeat.Kept {
        private final Heartbeat.Beat beat = new Heartbeat.Beat(this);
        private final List<Long> looks = new ArrayList<>();
        private final long interval;
        private long lastLook;
        private int failed;
        private boolean fails;
        private boolean gone;

        private Kept(long interval) {
            this.interval = interval;
        }

        @Override
        public long beat(long now) {
            assertThat(gone).isFalse();
            looks.add(loop.millis());
            lastLook = loop.millis();
            if (fails) {
                throw new IllegalStateException("broken");
            }
            return TimeUnit.MILLISECONDS.toNanos(interval);
        }

        @Override
        public void beatFailed() {
            failed++;
        }
    }
}
