package dev.weft.yjs;

import org.jspecify.annotations.Nullable;

/**
 * What happened to a key of a map, or to an attribute.
 *
 * @param oldValue the value before; {@link Undefined} if there was none
 */
public record KeyChange(Action action, @Nullable Object oldValue) {
    public enum Action {
        ADD,
        UPDATE,
        DELETE
    }
}
