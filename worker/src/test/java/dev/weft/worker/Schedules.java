package dev.weft.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Explores all orders in which the actors of a model may take their steps: depth first, each schedule played from the beginning, because
 * what real Redis and real threads did cannot be taken back. A state that was reached before is not explored again.
 */
final class Schedules {
    /** What is explored. */
    interface Model {
        /** Goes back to the beginning. */
        void begin();

        /** What may happen next, in an order that depends on the state alone; empty at the end. */
        List<String> choices();

        /** Lets it happen. */
        void take(String choice);

        /** Throws {@link AssertionError} if what must always hold does not. */
        void check();

        /** All that the future depends on. */
        String state();

        /** At the end of a schedule: what must hold when all has settled. */
        void checkEnd();
    }

    /**
     * What was explored.
     *
     * @param played schedules, to their end or to a state that was known
     * @param ended those to their end
     * @param states different states
     * @param steps how many steps were taken, those of known beginnings included
     * @param longest steps of the longest schedule
     */
    record Result(int played, int ended, int states, long steps, int longest) {}

    private final Model model;
    private final Set<String> known = new HashSet<>();
    private final Deque<List<String>> beginnings = new ArrayDeque<>();
    private int played;
    private int ended;
    private long steps;
    private int longest;

    Schedules(Model model) {
        this.model = model;
    }

    /** Plays them all; an {@link AssertionError} tells the schedule that failed. */
    Result explore() {
        beginnings.push(List.of());
        while (!beginnings.isEmpty()) {
            List<String> schedule = new ArrayList<>(beginnings.pop());
            try {
                play(schedule);
            } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + "\nafter " + String.join(", ", schedule), e);
            }
            played++;
            longest = Math.max(longest, schedule.size());
        }
        return new Result(played, ended, known.size(), steps, longest);
    }

    /** Plays one, which is known from a failure. */
    void replay(List<String> choices) {
        model.begin();
        for (String choice : choices) {
            model.take(choice);
            model.check();
        }
    }

    private void play(List<String> schedule) {
        model.begin();
        for (String choice : schedule) {
            take(choice);
        }
        while (true) {
            model.check();
            if (!known.add(model.state())) {
                return;
            }
            List<String> choices = model.choices();
            if (choices.isEmpty()) {
                model.checkEnd();
                ended++;
                return;
            }
            for (String other : choices.subList(1, choices.size())) {
                List<String> beginning = new ArrayList<>(schedule);
                beginning.add(other);
                beginnings.push(beginning);
            }
            schedule.add(choices.getFirst());
            take(choices.getFirst());
        }
    }

    private void take(String choice) {
        model.take(choice);
        steps++;
    }
}
