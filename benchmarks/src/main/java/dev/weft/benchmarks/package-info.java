/**
 * What module {@code yjs} takes in time and memory, beside Yjs itself in Node.js on the same files. One class of JMH benchmarks for each
 * subject; {@code Row} says what a benchmark method is compared with.
 */
@NullMarked
package dev.weft.benchmarks;

import org.jspecify.annotations.NullMarked;
