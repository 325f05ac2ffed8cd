package dev.weft.server;

/** The time as it passes: nanoseconds from an arbitrary origin, as {@link System#nanoTime()} gives them. */
@FunctionalInterface
interface Clock {
    long nanoTime();
}
