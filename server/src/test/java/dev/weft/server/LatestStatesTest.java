package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.yjs.Awareness;
import dev.weft.yjs.AwarenessState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatestStatesTest {
    /** Whoever gets the latest states knows what one knows who got all of them. */
    @Test
    void latestStatesSayWhatAllOfThemSay() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            Awareness before = new Awareness(100);
            Awareness one = new Awareness(100);
            List<AwarenessState> known = states(random, random.nextInt(5));
            before.apply(known);
            one.apply(known);
            LatestStates latest = new LatestStates();
            for (int message = 0; message < 4; message++) {
                List<AwarenessState> states = states(random, random.nextInt(6));
                one.apply(states);
                latest.addAll(states);
            }
            before.apply(latest.take());
            assertThat(words(before.states())).as("seed " + seed).isEqualTo(words(one.states()));
            assertThat(latest.isEmpty()).isTrue();
            assertThat(latest.bytes()).isZero();
        }
    }

    @Test
    void partsComeInOrderAndAtLeastOneAtATime() {
        LatestStates latest = new LatestStates();
        for (int client = 1; client <= 5; client++) {
            latest.addAll(List.of(state(client, 1, "x".repeat(100 * client))));
        }
        assertThat(words(latest.take(400))).containsExactly("1@1 100", "2@1 200");
        assertThat(words(latest.take(10))).containsExactly("3@1 300");
        assertThat(words(latest.take())).containsExactly("4@1 400", "5@1 500");
        assertThat(latest.bytes()).isZero();
    }

    @Test
    void statesThatAnotherOneReplacedAreCounted() {
        LatestStates latest = new LatestStates();
        latest.addAll(List.of(state(1, 1, "a"), state(1, 2, "b"), state(2, 1, "c"), state(1, 1, "d")));
        assertThat(latest.superseded()).isEqualTo(2);
        assertThat(latest.superseded()).isZero();
    }

    private static List<AwarenessState> states(Random random, int count) {
        List<AwarenessState> states = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String json = random.nextInt(3) == 0 ? "null" : Integer.toString(random.nextInt(1_000));
            states.add(state(1 + random.nextInt(3), random.nextInt(5), json));
        }
        return states;
    }

    private static AwarenessState state(long client, long clock, String json) {
        return new AwarenessState(client, clock, json.getBytes(StandardCharsets.UTF_8));
    }

    /** In any order, with the text of short ones and the length of long ones. */
    private static List<String> words(List<AwarenessState> states) {
        return states.stream()
                .map(state -> {
                    String text = new String(state.json(), StandardCharsets.UTF_8);
                    return state.client() + "@" + state.clock() + " " + (text.length() < 50 ? text : text.length());
                })
                .sorted()
                .toList();
    }
}
