package dev.weft.chaos;

/** Something that must happen after all faults are mended did not. */
final class StuckException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StuckException(String message) {
        super(message);
    }
}
