package dev.weft.benchmarks.load;

import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** What is shown of a failure. */
final class Failures {
    private Failures() {}

    static String message(Throwable failure) {
        Throwable root = failure;
        while (root instanceof CompletionException && root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof LoadException) {
            return String.valueOf(root.getMessage());
        }
        return root instanceof TimeoutException ? "not synchronised in time" : root.toString();
    }
}
