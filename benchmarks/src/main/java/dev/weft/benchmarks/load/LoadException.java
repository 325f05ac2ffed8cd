package dev.weft.benchmarks.load;

/** A run that could not be carried to its end: a server refused, ended or did not answer. The message is for the person who runs it. */
public final class LoadException extends RuntimeException {
    LoadException(String message) {
        super(message);
    }

    LoadException(String message, Throwable cause) {
        super(message, cause);
    }
}
