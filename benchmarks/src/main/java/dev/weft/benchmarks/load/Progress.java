package dev.weft.benchmarks.load;

import java.io.PrintStream;
import java.util.Locale;

/** Lines that say what is going on, with the seconds since the start. */
final class Progress {
    private final PrintStream out;
    private final long start = System.nanoTime();

    Progress(PrintStream out) {
        this.out = out;
    }

    void say(String what) {
        out.println(String.format(Locale.ROOT, "%6.1f s  %s", (System.nanoTime() - start) / 1e9, what));
    }
}
