package dev.weft.benchmarks.load;

/**
 * One number of a result.
 *
 * @param unit {@code µs}, {@code ms}, {@code s}, {@code %}, {@code KB}, {@code MB}, or empty for a count
 */
record Figure(double value, String unit) {}
