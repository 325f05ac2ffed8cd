package dev.weft.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.worker.RoomModel.Scope;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * All interleavings of two workers and a writer, step by step, over the real code, scripts and Redis. After each step every accepted edit is
 * in what storage and stream hold together, and a stream has a task; whoever reads stream and then storage gets all that was accepted before;
 * in the end Redis is empty and storage has one version with all in it.
 */
class LeaseAndTrimModelIT {
    /** Twice as large takes twenty times as long: more than this is for who waits. */
    private static final int ROUNDS = Integer.getInteger("weft.model.rounds", 1);

    private static final int MORE_EDITS = Integer.getInteger("weft.model.edits", 0);

    static Stream<Arguments> scopes() {
        return Stream.of(
                scope("entries are trimmed at once", 1, 0, 0, true, false, List.of(3)),
                scope("entries stay after they are stored", 0, 0, 0, false, false, List.of(3)),
                scope("tails become versions", 0, 0, 0, true, true, List.of(40, 30, 3)),
                scope("a worker dies", 0, 1, 0, true, false, List.of(3, 4)),
                scope("somebody joins", 0, 0, 1, true, false, List.of(3)));
    }

    private static Arguments scope(
            String name, int edits, int crashes, int readers, boolean old, boolean parts, List<Integer> founded) {
        return Arguments.of(name, new Scope(ROUNDS, edits + MORE_EDITS, crashes, readers, old, parts, founded));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scopes")
    void nothingAcceptedIsLostInAnyOrder(String name, Scope scope) {
        long from = System.nanoTime();
        try (RoomModel model = new RoomModel(scope)) {
            Schedules.Result result = new Schedules(model).explore();
            System.out.printf(
                    "%s: %,d schedules of up to %d steps (%,d to the end), %,d states, %,d steps, %d tasks at most, %.1f s%n",
                    name,
                    result.played(),
                    result.longest(),
                    result.ended(),
                    result.states(),
                    result.steps(),
                    model.mostTasks(),
                    (System.nanoTime() - from) / 1e9);
            assertThat(result.ended()).isPositive();
        }
    }
}
