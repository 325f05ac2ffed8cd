package dev.weft.yjs;

/**
 * A place in a list or text as it is now.
 *
 * @param index the number of elements or UTF-16 units before it
 * @param association that of the relative position
 */
public record AbsolutePosition(YType type, int index, int association) {}
