package dev.weft.worker;

import dev.weft.room.Backlog;
import java.time.Duration;

/**
 * How long a large document is left alone while somebody writes in it. Fewer and larger parts are merged less often; and nothing could leave
 * Redis earlier, where entries stay for their lifetime anyway.
 *
 * @param longest how long an entry waits at most, beyond a debounce: half the lifetime of entries
 * @param quiet after so long without an edit it is stored: the debounce
 */
record Patience(Duration longest, Duration quiet) {
    /** A backlog of so many bytes is stored at once. */
    private static final long LARGE_BACKLOG = 1 << 20;

    /** With which every task is done when it is due. */
    static final Patience NONE = new Patience(Duration.ZERO, Duration.ZERO);

    /** Whether it is left alone for now. */
    boolean lasts(Backlog backlog) {
        return backlog.bytes() < LARGE_BACKLOG
                && backlog.quiet().compareTo(quiet) < 0
                && backlog.waited().compareTo(longest) < 0;
    }
}
