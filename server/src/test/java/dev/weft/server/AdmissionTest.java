package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private final FakeBackend backend = new FakeBackend();
    private final ManualLoop loop = new ManualLoop();
    private final Node node =
            TestNode.of(backend, Runnable::run, Map.of("MAX_MEMORY_PERCENT", "80", "MAX_LAG", "200"), loop.clock());
    private final Heartbeat heartbeat = new Heartbeat(loop.loop(), loop.clock(), 40);
    private double heap;
    private double direct;
    private final Admission admission = new Admission(node, List.of(heartbeat), () -> heap, () -> direct);

    @Test
    void nodeThatIsWellTakesEverybody() throws Refusal {
        heap = 0.79;
        direct = 0.79;
        loop.pass(100);
        admission.check();
        assertThat(admission.lagNanos()).isLessThan(200_000_000);
    }

    @Test
    void littleMemoryRefusesUntilThereIsMore() throws Refusal {
        heap = 0.81;
        assertRefused("heap");
        heap = 0.5;
        direct = 0.81;
        assertRefused("buffers");
        direct = 0.5;
        admission.check();
    }

    @Test
    void loopThatStaysLateRefusesUntilItIsInTimeAgain() throws Refusal {
        heartbeat.add(someone());
        loop.stall(300);
        admission.check();
        loop.stall(300);
        assertRefused("late");
        loop.pass(20);
        admission.check();
    }

    @Test
    void nodeThatOnlySaysThatItWillStopStillTakesThem() throws Refusal {
        node.connections().announceStop();
        admission.check();
        node.connections().stop();
        assertThatThrownBy(admission::check)
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.kind()).isEqualTo(Refusal.Kind.STOPPING));
    }

    private static Heartbeat.Beat someone() {
        return new Heartbeat.Beat(new Heartbeat.Kept() {
            @Override
            public long beat(long now) {
                return 1;
            }

            @Override
            public void beatFailed() {}
        });
    }

    private void assertRefused(String reason) {
        assertThatThrownBy(admission::check).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.kind()).isEqualTo(Refusal.Kind.OVERLOADED);
            assertThat(refusal.kind().retryable()).isTrue();
            assertThat(refusal.reason()).contains(reason);
        });
    }
}
