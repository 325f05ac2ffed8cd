package dev.weft.yjs;

import org.jspecify.annotations.Nullable;

/** What observers threw. A transaction is finished nevertheless, and then the first of them is thrown, the others with it. */
final class Failures {
    private @Nullable Throwable first;

    @SuppressWarnings("ReferenceEquality") // an exception cannot be suppressed by itself
    void catching(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error failure) {
            if (first == null) {
                first = failure;
            } else if (first != failure) {
                first.addSuppressed(failure);
            }
        }
    }

    void rethrow() {
        if (first instanceof RuntimeException exception) {
            throw exception;
        }
        if (first instanceof Error error) {
            throw error;
        }
    }
}
