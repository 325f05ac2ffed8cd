package dev.weft.yjs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AwarenessTest {
    private final Awareness awareness = new Awareness(3);

    private static AwarenessState state(long client, long clock, String json) {
        return new AwarenessState(client, clock, json.getBytes(UTF_8));
    }

    private boolean isNews(long client, long clock, String json) {
        return !awareness.apply(List.of(state(client, clock, json))).isEmpty();
    }

    private List<Long> here() {
        return awareness.states().stream().map(AwarenessState::client).toList();
    }

    @Test
    void newerClockWins() {
        assertThat(isNews(1, 1, "{}")).isTrue();
        assertThat(isNews(1, 1, "{\"a\":1}")).isFalse();
        assertThat(isNews(1, 2, "{\"a\":1}")).isTrue();
        assertThat(isNews(1, 1, "null")).isFalse();
        assertThat(awareness.states().getFirst().json()).isEqualTo("{\"a\":1}".getBytes(UTF_8));
    }

    @Test
    void equalClockWinsOnlyForAClientWhoLeaves() {
        assertThat(isNews(1, 1, "{}")).isTrue();
        assertThat(isNews(1, 1, "null")).isTrue();
        assertThat(isNews(1, 1, "null")).isFalse();
        assertThat(isNews(1, 1, "{}")).isFalse();
        assertThat(here()).isEmpty();
    }

    @Test
    void firstStateWithClockZeroIsNoNews() {
        assertThat(isNews(1, 0, "{}")).isFalse();
        assertThat(here()).isEmpty();
    }

    @Test
    void leavingIsToldAtTheLastClockAndLateStatesDoNotBringBack() {
        awareness.apply(List.of(state(1, 5, "{}"), state(2, 7, "{}")));
        assertThat(awareness.leave(List.of(1L, 9L))).singleElement().satisfies(gone -> {
            assertThat(gone.client()).isEqualTo(1);
            assertThat(gone.clock()).isEqualTo(5);
            assertThat(gone.left()).isTrue();
        });
        assertThat(isNews(1, 5, "{}")).isFalse();
        assertThat(isNews(1, 6, "{}")).isTrue();
        assertThat(here()).containsExactly(2L, 1L);
    }

    @Test
    void thoseWhoLeftFirstAreForgottenFirstAndFullMeansFull() {
        awareness.apply(List.of(state(1, 1, "{}"), state(2, 1, "{}"), state(3, 1, "{}")));
        assertThat(isNews(4, 1, "{}")).isFalse();
        awareness.leave(List.of(2L));
        awareness.leave(List.of(1L));
        assertThat(isNews(4, 1, "{}")).isTrue();
        assertThat(isNews(1, 1, "{}")).as("1 left later and is remembered").isFalse();
        assertThat(isNews(5, 1, "{}")).isTrue();
        assertThat(isNews(6, 1, "{}")).isFalse();
        assertThat(here()).containsExactly(3L, 4L, 5L);
    }

    @Test
    void clientLeavesAtItsNextClock() {
        AwarenessState here = state(1, 5, "{}");
        awareness.apply(List.of(here));
        assertThat(awareness.apply(List.of(here.removal()))).singleElement().satisfies(gone -> {
            assertThat(gone.clock()).isEqualTo(6);
            assertThat(gone.left()).isTrue();
        });
        assertThat(here()).isEmpty();
    }

    @Test
    void statesThatAreNotRenewedExpire() {
        Instant start = Instant.EPOCH;
        awareness.apply(List.of(state(1, 1, "{}"), state(2, 1, "{}")), start);
        awareness.apply(List.of(state(3, 1, "{}")));
        awareness.apply(List.of(state(2, 2, "{}")), start.plusSeconds(15));
        assertThat(awareness.expire(start.plusMillis(29_999))).isEmpty();
        assertThat(awareness.expire(start.plusSeconds(30))).singleElement().satisfies(gone -> {
            assertThat(gone.client()).isEqualTo(1);
            assertThat(gone.clock()).isEqualTo(1);
            assertThat(gone.left()).isTrue();
        });
        assertThat(awareness.expire(start.plusSeconds(30))).isEmpty();
        assertThat(here()).containsExactly(3L, 2L);
        assertThat(isNews(1, 2, "{}")).isTrue();
    }

    /** A repeated state is no sign of life: only newer clocks are. */
    @Test
    void repeatedStateDoesNotRenew() {
        awareness.apply(List.of(state(1, 1, "{}")), Instant.EPOCH);
        awareness.apply(List.of(state(1, 1, "{}")), Instant.EPOCH.plusSeconds(29));
        assertThat(awareness.expire(Instant.EPOCH.plusSeconds(30))).hasSize(1);
    }

    @Test
    void chosenClientsAreToldWithThoseWhoLeft() {
        awareness.apply(List.of(state(1, 1, "{}"), state(2, 4, "{}")));
        awareness.leave(List.of(2L));
        assertThat(awareness.states(List.of(2L, 9L, 1L)))
                .satisfiesExactly(
                        gone -> {
                            assertThat(gone.client()).isEqualTo(2);
                            assertThat(gone.clock()).isEqualTo(4);
                            assertThat(gone.left()).isTrue();
                        },
                        here -> assertThat(here.client()).isEqualTo(1));
    }

    @Test
    void payloadsAreMergedByClock() {
        byte[] first = AwarenessUpdates.encode(List.of(state(1, 2, "{}"), state(2, 3, "{\"n\":1}"), state(3, 1, "{}")));
        byte[] second =
                AwarenessUpdates.encode(List.of(state(2, 3, "{\"n\":2}"), state(3, 1, "null"), state(1, 1, "null")));
        byte[] third = AwarenessUpdates.encode(List.of(state(3, 1, "{}"), state(4, 0, "{}")));
        assertThat(AwarenessUpdates.merge(List.of(first, second, third)))
                .isEqualTo(AwarenessUpdates.encode(
                        List.of(state(1, 2, "{}"), state(2, 3, "{\"n\":1}"), state(3, 1, "null"), state(4, 0, "{}"))));
        assertThat(AwarenessUpdates.merge(List.of())).isEqualTo(AwarenessUpdates.encode(List.of()));
    }
}
