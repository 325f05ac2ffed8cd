package dev.weft.worker;

import dev.weft.testing.RedisRelay;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Somebody in the model who does real work, one step at a time: it waits before each command to Redis and each call of storage until the
 * explorer lets it take the step, or has it crash there. After a crash every step is refused until its work is over.
 */
final class ModelActor implements RedisRelay.Guard {
    private static final long LIMIT_SECONDS = 20;

    private static final int NOBODY = -1;

    /** The script that tells what waits in a stream. */
    private static final String LOOK = "script 1/1";

    /** The script that claims tasks: the queue, and three values before the ids. */
    private static final Pattern CLAIM = Pattern.compile("script 1/([4-9]|\\d{2,})");

    /** How often a task was delivered, as that script says it: nothing of what a compaction does depends on it. */
    private static final Pattern DELIVERIES = Pattern.compile("\\$[12]\r\n\\d{1,2}\r\n");

    private static final Pattern PONG = Pattern.compile("+PONG\r\n", Pattern.LITERAL);

    /** Thrown out of a step that was refused. */
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // All guarded by the lock.
    private @Nullable String waitsBefore;
    private boolean granted;
    private boolean crashed;
    private boolean working;
    private int listensTo = NOBODY;
    private @Nullable Throwable failure;
    private final StringBuilder seen = new StringBuilder();

    ModelActor(String name) {
        this.name = name;
    }

    /** Begins; the work runs up to its first step. */
    void begin(Runnable work) {
        lock.lock();
        try {
            crashed = false;
            failure = null;
            seen.setLength(0);
            working = true;
        } finally {
            lock.unlock();
        }
        Thread.ofVirtual().name(name).start(() -> {
            Throwable thrown = null;
            try {
                work.run();
            } catch (Throwable e) {
                thrown = e;
            }
            lock.lock();
            try {
                failure = crashed ? null : thrown;
                working = false;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        });
    }

    /** The step that it is about to take, once it has come so far; null if its work is over. */
    @Nullable
    String awaitStep() {
        lock.lock();
        try {
            while (working && waitsBefore == null) {
                awaitChange();
            }
            if (failure != null) {
                throw new AssertionError(name + " failed", failure);
            }
            return waitsBefore;
        } finally {
            lock.unlock();
        }
    }

    /** Lets it take its step, and waits until it stands before the next or its work is over. */
    void step() {
        lock.lock();
        try {
            granted = true;
            waitsBefore = null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        awaitStep();
    }

    /** It takes no further step; returns when its work is over. */
    void crash() {
        lock.lock();
        try {
            crashed = true;
            changed.signalAll();
            while (working) {
                awaitChange();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Begins a new life without memory. */
    void forget() {
        lock.lock();
        try {
            seen.setLength(0);
        } finally {
            lock.unlock();
        }
    }

    /** All that it learned since it last forgot, which with its program tells what it will do. */
    String seen() {
        lock.lock();
        try {
            return seen.toString();
        } finally {
            lock.unlock();
        }
    }

    /** Notes something that it learned. */
    void sees(String what) {
        lock.lock();
        try {
            seen.append(what).append('\n');
        } finally {
            lock.unlock();
        }
    }

    /** Waits before a step. Called by the work itself. */
    void before(String step) {
        if (!mayStep(step)) {
            throw new Crash();
        }
    }

    @Override
    public RedisRelay.Verdict before(RedisRelay.Command command) {
        boolean ofTheRoom = command.words().stream()
                .anyMatch(word -> new String(word, StandardCharsets.ISO_8859_1).startsWith(RoomModel.PREFIX + ":"));
        if (!ofTheRoom) {
            return RedisRelay.Verdict.PASS; // what keeps connections alive
        }
        listen(command.connection());
        if (command.name().equals("XAUTOCLAIM")
                || CLAIM.matcher(describe(command)).matches()) {
            // One step with the taking of new tasks before it: no lease lasts, so a claim may always come between two
            // others.
            return RedisRelay.Verdict.PASS;
        }
        if (describe(command).equals(LOOK)) {
            return RedisRelay.Verdict
                    .PASS; // One step with the taking before it: it decides only whether there is work at all.
        }
        return mayStep(describe(command)) ? RedisRelay.Verdict.PASS : RedisRelay.Verdict.REFUSE;
    }

    @Override
    public void replied(int connection, byte[] bytes) {
        lock.lock();
        try {
            if (connection == listensTo) {
                String text = new String(bytes, StandardCharsets.ISO_8859_1);
                text = PONG.matcher(text).replaceAll("");
                seen.append(DELIVERIES.matcher(text).replaceAll(""));
            }
        } finally {
            lock.unlock();
        }
    }

    /** What comes back on this connection from now on, and on no other, is something that it learns. */
    private void listen(int connection) {
        lock.lock();
        try {
            listensTo = connection;
        } finally {
            lock.unlock();
        }
    }

    private boolean mayStep(String step) {
        lock.lock();
        try {
            if (!working) {
                return true; // before and after the exploration
            }
            seen.append('@').append(step).append('\n');
            waitsBefore = step;
            changed.signalAll();
            while (!granted && !crashed) {
                awaitChange();
            }
            granted = false;
            waitsBefore = null;
            return !crashed;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // The callers loop.
    private void awaitChange() {
        try {
            if (!changed.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(name + " is stuck before " + waitsBefore + "; it saw:\n" + seen);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String describe(RedisRelay.Command command) {
        String name = command.name();
        if (!name.startsWith("EVAL")) {
            return name;
        }
        // By its keys: which script it is.
        int keys = Integer.parseInt(command.word(2));
        return "script " + keys + "/" + (command.words().size() - 3 - keys);
    }
}
