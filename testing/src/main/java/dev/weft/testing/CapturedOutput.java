package dev.weft.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lines that a process has written, read by a thread of its own so that the process never waits for its reader. */
final class CapturedOutput {
    private static final int MOST_LINES = 100_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<String> lines = new ArrayList<>();
    private int taken;
    private boolean ended;

    static CapturedOutput of(InputStream stream, String name) {
        CapturedOutput output = new CapturedOutput();
        Thread.ofVirtual().name("output of " + name).start(() -> output.read(stream));
        return output;
    }

    private void read(InputStream stream) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            // The process was destroyed: its output ends here.
        } finally {
            lock.lock();
            try {
                ended = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void add(String line) {
        lock.lock();
        try {
            if (lines.size() < MOST_LINES) {
                lines.add(line);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Everything so far. */
    String text() {
        lock.lock();
        try {
            return String.join("\n", lines);
        } finally {
            lock.unlock();
        }
    }

    /** The first line, of all that were written and will be, in which the pattern is found; empty when time or output is over. */
    Optional<MatchResult> awaitMatch(Pattern pattern, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        int next = 0;
        lock.lock();
        try {
            while (true) {
                for (; next < lines.size(); next++) {
                    Matcher matcher = pattern.matcher(lines.get(next));
                    if (matcher.find()) {
                        return Optional.of(matcher.toMatchResult());
                    }
                }
                if (!awaitChange(deadline)) {
                    return Optional.empty();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** The next line that was not taken yet; empty when time or output is over. */
    Optional<String> take(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        lock.lock();
        try {
            while (taken == lines.size()) {
                if (!awaitChange(deadline)) {
                    return Optional.empty();
                }
            }
            return Optional.of(lines.get(taken++));
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all output has been read. */
    boolean awaitEnd(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        lock.lock();
        try {
            while (!ended) {
                if (!awaitChange(deadline)) {
                    return ended;
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** False when nothing more can be expected. The lock is held. */
    @SuppressWarnings("WaitNotInLoop") // The callers loop: after any wakeup they look again.
    private boolean awaitChange(long deadline) {
        long left = deadline - System.nanoTime();
        if (ended || left <= 0) {
            return false;
        }
        try {
            return changed.await(left, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for output", e);
        }
    }
}
