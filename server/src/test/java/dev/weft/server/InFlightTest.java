package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private static final int LIMIT = 1 << 20;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Reading reading = new Reading(channel);
    private final AtomicLong unsettledOfAll = new AtomicLong();
    private final InFlight inFlight = new InFlight(reading, Runnable::run, unsettledOfAll, LIMIT);
    private final Deque<CompletableFuture<Void>> underWay = new ArrayDeque<>();

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void socketIsReadNoFurtherAboveTheLimitUntilHalfOfItWasTaken() {
        int size = LIMIT / 8 - InFlight.BYTES_AN_OPERATION;
        for (int i = 0; i < 8; i++) {
            send(size);
        }
        assertThat(reading.isPaused()).isFalse();

        send(size);
        assertThat(reading.isPaused()).isTrue();
        for (int i = 9; i > 4; i--) {
            assertThat(reading.isPaused()).as("with %d under way", i).isTrue();
            settle();
        }
        assertThat(reading.isPaused()).isFalse();
    }

    /** An author who typed a quarter of a million edits at once had 32,768 commands under way within a mebibyte, and was closed. */
    @Test
    void manyTinyUpdatesFillTheLimitLongBeforeTheQueueOfTheRedisClient() {
        while (!reading.isPaused()) {
            send(20);
            assertThat(underWay).hasSizeLessThan(2_100);
        }
    }

    @Test
    void whenAllTogetherHaveTooMuchUnderWayAClientIsReadOnlyWithNothingOfItsOwnLeft() {
        unsettledOfAll.set(InFlight.OPERATIONS_OF_ALL);
        send(20);
        send(20);
        assertThat(reading.isPaused()).isTrue();

        settle();
        assertThat(reading.isPaused()).isTrue();
        settle();
        assertThat(reading.isPaused()).isFalse();
        assertThat(unsettledOfAll).hasValue(InFlight.OPERATIONS_OF_ALL);
    }

    @Test
    void failedOperationsAreUnderWayNoMore() {
        send(2 * LIMIT);
        assertThat(reading.isPaused()).isTrue();

        underWay.remove().completeExceptionally(new IllegalStateException("no answer"));
        assertThat(reading.isPaused()).isFalse();
        assertThat(unsettledOfAll).hasValue(0);
    }

    private void send(int size) {
        CompletableFuture<Void> operation = new CompletableFuture<>();
        underWay.add(operation);
        inFlight.track(size, operation);
    }

    private void settle() {
        underWay.remove().complete(null);
    }
}
