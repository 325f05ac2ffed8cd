package dev.weft.benchmarks;

/** Something outside stopped a run: Node.js is missing or failed, a result is wrong. The message is for the person who runs it. */
final class BenchmarkException extends RuntimeException {
    BenchmarkException(String message) {
        super(message);
    }
}
