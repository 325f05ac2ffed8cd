package dev.weft.tools;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Tells how far an import is: on a terminal in one line that changes, elsewhere in a line now and then. */
final class Progress implements AutoCloseable {
    private static final long TERMINAL_MILLIS = 500;
    private static final long ELSEWHERE_MILLIS = 10_000;
    private static final double NANOS = 1e9;
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintWriter out;
    private final boolean terminal;
    private final long documents;
    private final long bytes;
    private final Supplier<ImportReport.Totals> totals;
    private final long start = System.nanoTime();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("progress").factory());

    /**
     * Begins.
     *
     * @param terminal whether {@code out} is one
     * @param documents how many there are
     * @param bytes how many bytes they have
     */
    Progress(PrintWriter out, boolean terminal, long documents, long bytes, Supplier<ImportReport.Totals> totals) {
        this.out = out;
        this.terminal = terminal;
        this.documents = documents;
        this.bytes = bytes;
        this.totals = totals;
        long every = terminal ? TERMINAL_MILLIS : ELSEWHERE_MILLIS;
        Future<?> ignored = timer.scheduleAtFixedRate(this::print, every, every, TimeUnit.MILLISECONDS);
    }

    private void print() {
        String line = line(totals.get(), (System.nanoTime() - start) / NANOS);
        if (terminal) {
            out.print(CLEAR_LINE + line);
        } else {
            out.println(line);
        }
        out.flush();
    }

    /** As it is after so many seconds. */
    String line(ImportReport.Totals now, double seconds) {
        double rate = now.bytesRead() / Math.max(seconds, 1e-3);
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "%,d of %,d documents, %s of %s, %s/s",
                now.documents(),
                documents,
                size(now.bytesRead()),
                size(bytes),
                size((long) rate)));
        if (rate >= 1 && now.bytesRead() < bytes) {
            line.append(", ").append(time((bytes - now.bytesRead()) / rate)).append(" left");
        }
        return now.left() == 0 ? line.toString() : line + String.format(Locale.ROOT, ", %,d not imported", now.left());
    }

    static String size(long bytes) {
        if (bytes < 1_000) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 999.5 && unit < 3) {
            value /= 1_000;
            unit++;
        }
        return String.format(Locale.ROOT, value < 9.95 ? "%.1f %sB" : "%.0f %sB", value, "kMGT".charAt(unit));
    }

    private static String time(double seconds) {
        Duration time = Duration.ofSeconds((long) Math.ceil(seconds));
        if (time.toHours() > 0) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        return time.toMinutes() > 0 ? time.toMinutes() + " min" : time.toSeconds() + " s";
    }

    /** Ends, and leaves a terminal at the beginning of an empty line. */
    @Override
    public void close() {
        timer.shutdownNow();
        try {
            if (!timer.awaitTermination(1, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (terminal) {
            out.print(CLEAR_LINE);
            out.flush();
        }
    }
}
