package dev.weft.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class MergePoolTest {
    @Test
    void failuresComeBackAsTheyWere() {
        try (MergePool pool = new MergePool()) {
            assertThat(pool.<Integer>run(() -> 7)).isEqualTo(7);
            assertThatThrownBy(() -> pool.run(() -> {
                        throw new IllegalArgumentException("mine");
                    }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("mine");
            assertThatThrownBy(() -> pool.run(() -> {
                        throw new IOException("checked");
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasRootCauseMessage("checked");
        }
    }

    @Test
    void whatIsTooMuchIsRefused() throws InterruptedException {
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(3);
        List<Throwable> refused = new ArrayList<>();
        try (MergePool pool = new MergePool(1, 2)) {
            for (int i = 0; i < 4; i++) {
                Thread.startVirtualThread(() -> {
                    try {
                        pool.<Boolean>run(() -> {
                            open.await();
                            return true;
                        });
                        done.countDown();
                    } catch (RejectedExecutionException e) {
                        synchronized (refused) {
                            refused.add(e);
                        }
                    }
                });
            }
            await().untilAsserted(() -> {
                synchronized (refused) {
                    assertThat(refused).hasSize(1);
                }
            });
            open.countDown();
            done.await();
        }
    }
}
