package dev.weft.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Something that goes wrong.
 *
 * @param at when, since the start
 * @param kind what
 * @param which of two servers or workers; says nothing for other kinds
 * @param lasts until it is mended
 */
record Fault(Duration at, Kind kind, int which, Duration lasts) {
    enum Kind {
        KILL_SERVER,
        KILL_WORKER,
        KILL_REDIS,
        KILL_STORAGE,
        PAUSE_SERVER,
        PAUSE_WORKER,
        CUT_REDIS,
        CUT_STORAGE,
        SLOW_STORAGE,
        STALL_STORAGE,
        /** S3 answers 507; Postgres refuses to store. */
        FULL_STORAGE,
        FAIL_LOAD,
        FAIL_STORE,
        STORE_AND_FAIL,
        FAIL_DISCARD,
        DISCARD_AND_FAIL,
        /** The connection breaks before the script that trims reaches Redis. */
        LOSE_TRIM,
        /** It breaks after Redis has trimmed, before the worker hears of it. */
        LOSE_TRIM_ANSWER;

        String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    private static final int SHORTEST_PAUSE = 200;
    private static final int LONGEST_PAUSE = 2500;
    private static final int SHORTEST = 100;
    private static final int LONGEST = 2500;

    /** What happens in {@code duration} with this seed: always the same. */
    static List<Fault> schedule(long seed, Duration duration) {
        Random random = new Random(seed);
        List<Fault> faults = new ArrayList<>();
        Kind[] kinds = Kind.values();
        long at = 1000;
        while (at < duration.toMillis()) {
            faults.add(new Fault(
                    Duration.ofMillis(at),
                    kinds[random.nextInt(kinds.length)],
                    random.nextInt(2),
                    Duration.ofMillis(random.nextInt(SHORTEST, LONGEST))));
            at += random.nextInt(SHORTEST_PAUSE, LONGEST_PAUSE);
        }
        return faults;
    }

    @Override
    public String toString() {
        return kind.text()
                + switch (kind) {
                    case KILL_SERVER, KILL_WORKER, PAUSE_SERVER, PAUSE_WORKER -> " " + which;
                    default -> "";
                }
                + " for " + lasts.toMillis() + " ms";
    }
}
