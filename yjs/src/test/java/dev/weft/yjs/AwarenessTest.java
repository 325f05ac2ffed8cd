package dev.weft.yjs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
}
