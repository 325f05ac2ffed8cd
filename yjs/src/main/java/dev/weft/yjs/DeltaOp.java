package dev.weft.yjs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One step of a delta, as Quill and Yjs have it: walking from the start of a text or an array, something is inserted, kept or
 * deleted. A text as a whole is a list of insertions. Lengths are UTF-16 units of text, or elements. Immutable.
 */
public sealed interface DeltaOp {
    /**
     * New content.
     *
     * @param content in texts a {@link String}, or for an embed a {@link Map} or a {@link YType}; in arrays and XML a {@link List} of
     *     elements
     * @param attributes the formatting of the content; empty if it has none
     */
    record Insert(@Nullable Object content, Map<String, @Nullable Object> attributes) implements DeltaOp {
        public Insert {
            attributes = JsValues.copyOf(attributes);
        }

        @Override
        public Map<String, @Nullable Object> toJson() {
            return json("insert", content instanceof YType type ? type.toJson() : content, attributes);
        }
    }

    /**
     * Content that stays.
     *
     * @param attributes what changes in its formatting; {@code null} removes an attribute
     */
    record Retain(int length, Map<String, @Nullable Object> attributes) implements DeltaOp {
        public Retain {
            attributes = JsValues.copyOf(attributes);
        }

        @Override
        public Map<String, @Nullable Object> toJson() {
            return json("retain", (long) length, attributes);
        }
    }

    /** Content that goes. */
    record Delete(int length) implements DeltaOp {
        @Override
        public Map<String, @Nullable Object> toJson() {
            return json("delete", (long) length, Map.of());
        }
    }

    /** The step as a map that is JSON in every library: {@code {"insert": "x", "attributes": {"bold": true}}}. A new map. */
    Map<String, @Nullable Object> toJson();

    /** Text without formatting of its own. */
    static DeltaOp insert(String text) {
        return new Insert(text, Map.of());
    }

    /** Text or an embed with formatting. */
    static DeltaOp insert(Object content, Map<String, @Nullable Object> attributes) {
        return new Insert(content, attributes);
    }

    static DeltaOp retain(int length) {
        return new Retain(length, Map.of());
    }

    static DeltaOp retain(int length, Map<String, @Nullable Object> attributes) {
        return new Retain(length, attributes);
    }

    static DeltaOp delete(int length) {
        return new Delete(length);
    }

    /**
     * The steps of a delta that was parsed from JSON.
     *
     * @throws IllegalArgumentException if one is not an object with {@code insert}, {@code retain} or {@code delete}
     */
    static List<DeltaOp> fromJson(List<? extends Map<String, ?>> delta) {
        List<DeltaOp> steps = new ArrayList<>(delta.size());
        for (Map<String, ?> step : delta) {
            Object attributes = step.get("attributes");
            Map<String, @Nullable Object> copy = new LinkedHashMap<>();
            if (attributes instanceof Map<?, ?> map) {
                map.forEach((key, value) -> copy.put((String) key, value));
            }
            if (step.get("insert") != null) {
                steps.add(new Insert(step.get("insert"), copy));
            } else if (step.get("retain") instanceof Number length) {
                steps.add(new Retain(length.intValue(), copy));
            } else if (step.get("delete") instanceof Number length) {
                steps.add(new Delete(length.intValue()));
            } else {
                throw new IllegalArgumentException("an insert, a retain or a delete was expected, not " + step);
            }
        }
        return steps;
    }

    private static Map<String, @Nullable Object> json(
            String key, @Nullable Object value, Map<String, @Nullable Object> attributes) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put(key, value);
        if (!attributes.isEmpty()) {
            json.put("attributes", attributes);
        }
        return json;
    }
}
