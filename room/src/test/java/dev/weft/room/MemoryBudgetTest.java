package dev.weft.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private static final long MB = 1 << 20;

    private final MemoryBudget budget = new MemoryBudget(10 * MB);

    @Test
    void whatIsTakenIsGivenBack() {
        try (MemoryBudget.Share share = budget.take(3 * MB)) {
            assertThat(budget.taken()).isEqualTo(3 * MB);
            assertThat(share.growTo(2 * MB)).isTrue();
            assertThat(budget.taken()).isEqualTo(3 * MB);
            assertThat(share.growTo(8 * MB)).isTrue();
            assertThat(budget.taken()).isEqualTo(8 * MB);
        }
        assertThat(budget.taken()).isZero();
    }

    @Test
    void shareDoesNotGrowIntoWhatOthersHold() {
        try (MemoryBudget.Share one = budget.take(6 * MB);
                MemoryBudget.Share other = budget.take(3 * MB)) {
            assertThat(other.growTo(5 * MB)).isFalse();
            assertThat(other.growTo(4 * MB)).isTrue();
            assertThat(one.growTo(7 * MB)).isFalse();
        }
        assertThat(budget.taken()).isZero();
    }

    @Test
    void whatIsLargerThanTheBudgetRunsAlone() {
        try (MemoryBudget.Share share = budget.take(1000 * MB)) {
            assertThat(budget.taken()).isEqualTo(10 * MB);
            assertThat(share.growTo(2000 * MB)).isTrue();
        }
        assertThat(budget.taken()).isZero();
    }

    @Test
    void largeShareIsNotPassedBySmallOnes() throws InterruptedException {
        List<String> order = new CopyOnWriteArrayList<>();
        Thread large;
        Thread small;
        try (MemoryBudget.Share running = budget.take(4 * MB)) {
            large = take(10 * MB, "large", order);
            await().until(() -> budget.waiting() == 1);
            // There is room for it, but it came later.
            small = take(MB, "small", order);
            await().until(() -> budget.waiting() == 2);
            assertThat(running.growTo(5 * MB)).isFalse();
            assertThat(order).isEmpty();
        }
        large.join();
        small.join();
        assertThat(order).containsExactly("large", "small");
    }

    @Test
    void whoCannotWaitGetsNothingAndPassesNobody() throws InterruptedException {
        Thread large;
        try (MemoryBudget.Share running = budget.take(4 * MB)) {
            assertThat(budget.take(7 * MB, Duration.ofMillis(20))).isNull();
            assertThat(budget.takeAtOnce(7 * MB)).isNull();
            large = take(10 * MB, "large", new CopyOnWriteArrayList<>());
            await().until(() -> budget.waiting() == 1);
            assertThat(budget.takeAtOnce(MB)).isNull();
            assertThat(running.growTo(5 * MB)).isFalse();
        }
        large.join();
        MemoryBudget.Share share = budget.takeAtOnce(10 * MB);
        assertThat(share).isNotNull();
        share.close();
        share.close();
        assertThat(budget.taken()).isZero();
    }

    private Thread take(long bytes, String name, List<String> order) {
        return Thread.ofVirtual().start(() -> {
            try (MemoryBudget.Share share = budget.take(bytes)) {
                assertThat(share.growTo(bytes)).isTrue();
                order.add(name);
            }
        });
    }
}
