package dev.weft.yjs;

/** JavaScript's {@code undefined}, where it is a value in a document. {@code null} is Java's {@code null}. */
public enum Undefined {
    UNDEFINED;

    @Override
    public String toString() {
        return "undefined";
    }
}
