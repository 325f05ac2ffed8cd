package dev.weft.benchmarks;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Rows of the table of results: a benchmark method on some documents. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(Rows.class)
@interface Row {
    /** What the table calls it, and {@code operations.mjs} its twin. */
    String operation();

    /** Names of {@link Document}s. */
    String[] documents();

    /** How many times as fast as Yjs it should be; 0 for no goal. */
    double goal() default 0;

    /** How many nanoseconds it should take at most; 0 for no goal. */
    double goalNanos() default 0;

    /** How the bytes that it returns compare with those of Yjs. */
    Likeness likeness() default Likeness.EQUAL;

    /** Whether there is an operation of Yjs to compare with. */
    boolean hasTwin() default true;
}
