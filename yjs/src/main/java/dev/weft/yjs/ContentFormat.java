package dev.weft.yjs;

import org.jspecify.annotations.Nullable;

/**
 * A mark in a text: from here on an attribute has a value, or, if that is {@code null}, none. The value is parsed when it is
 * needed, and then always the same object, because Yjs compares values in values by identity.
 */
final class ContentFormat extends Content {
    final String key;
    private final byte[] json;
    private @Nullable Object value;
    private boolean parsed;

    /** A mark that arrived. */
    ContentFormat(String key, byte[] json) {
        this.key = key;
        this.json = json;
    }

    /** @param value one that {@link JsValues#normalised} returned */
    ContentFormat(String key, @Nullable Object value) {
        this.key = key;
        this.json = JsValues.toJson(value);
        this.value = value;
        this.parsed = true;
    }

    @Nullable
    Object value() {
        if (!parsed) {
            value = JsValues.parseJson(json);
            parsed = true;
        }
        return value;
    }

    @Override
    int kind() {
        return StructReader.FORMAT;
    }

    @Override
    boolean isCountable() {
        return false;
    }

    @Override
    Object element(int index) {
        throw new IllegalStateException("formatting has no elements");
    }

    @Override
    void integrate(Transaction transaction, Item item) {
        item.parent.markers = null;
        item.parent.hasFormatting = true;
    }

    @Override
    void write(Output out, long offset) {
        Texts.write(out, key);
        out.buffer(json);
    }
}
