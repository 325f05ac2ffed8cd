package dev.weft.yjs;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Insertion, deletion and formatting of text. Formatting is a mark where an attribute begins and another where it ends; none is
 * written that would change nothing (Yjs {@code YText.js}, with the same steps in the same order, because the marks that are written
 * depend on them).
 */
final class TextOps {
    private TextOps() {}

    /** @param attributes what shall hold for the new content and nothing else; changed by this */
    static void insert(
            Transaction transaction,
            YType text,
            TextPosition position,
            Content content,
            Map<String, @Nullable Object> attributes) {
        for (String key : position.attributes.keySet()) {
            attributes.putIfAbsent(key, null);
        }
        skipWhatHolds(position, attributes);
        Map<String, @Nullable Object> negated = begin(transaction, text, position, attributes);
        if (text.markers != null) {
            text.markers.shift(position.index, (int) content.length());
        }
        position.insert(transaction, text, content);
        end(transaction, text, position, negated);
    }

    /** Goes right as long as there is nothing, or marks that say what is wanted anyway. */
    private static void skipWhatHolds(TextPosition position, Map<String, @Nullable Object> attributes) {
        for (Item item = position.right; item != null; item = position.right) {
            boolean skip = item.isDeleted()
                    || (item.content instanceof ContentFormat format
                            && JsValues.areEqual(attributes.get(format.key), format.value()));
            if (!skip) {
                return;
            }
            position.forward();
        }
    }

    /** Writes marks for those attributes that differ. @return what they must be again at the end */
    private static Map<String, @Nullable Object> begin(
            Transaction transaction, YType text, TextPosition position, Map<String, @Nullable Object> attributes) {
        Map<String, @Nullable Object> negated = new LinkedHashMap<>();
        JsValues.ordered(attributes).forEach((key, value) -> {
            Object current = position.attributes.get(key);
            if (!JsValues.areEqual(current, value)) {
                negated.put(key, current);
                position.insert(transaction, text, new ContentFormat(key, value));
            }
        });
        return negated;
    }

    /** Writes the marks that end what {@link #begin} began, unless what follows says the same. */
    private static void end(
            Transaction transaction, YType text, TextPosition position, Map<String, @Nullable Object> negated) {
        for (Item item = position.right; item != null; item = position.right) {
            if (!item.isDeleted()) {
                if (!(item.content instanceof ContentFormat format)
                        || !negated.containsKey(format.key)
                        || !JsValues.areEqual(negated.get(format.key), format.value())) {
                    break;
                }
                negated.remove(format.key);
            }
            position.forward();
        }
        negated.forEach((key, value) -> position.insert(transaction, text, new ContentFormat(key, value)));
    }

    static void format(
            Transaction transaction,
            YType text,
            TextPosition position,
            int count,
            Map<String, @Nullable Object> attributes) {
        skipWhatHolds(position, attributes);
        Map<String, @Nullable Object> negated = begin(transaction, text, position, attributes);
        int left = count;
        for (Item item = position.right; item != null; item = position.right) {
            boolean isFormat = item.content instanceof ContentFormat;
            if (left == 0 && (negated.isEmpty() || !(item.isDeleted() || isFormat))) {
                break;
            }
            if (!item.isDeleted()) {
                if (item.content instanceof ContentFormat format) {
                    if (attributes.containsKey(format.key)) {
                        if (JsValues.areEqual(attributes.get(format.key), format.value())) {
                            negated.remove(format.key);
                        } else if (left == 0) {
                            break;
                        } else {
                            negated.put(format.key, format.value());
                        }
                        item.delete(transaction);
                    } else {
                        position.attributes.put(format.key, format.value());
                    }
                } else {
                    if (left < item.length) {
                        item.owner.startingAt(transaction, item.clock + left);
                    }
                    left -= item.visibleLength();
                }
            }
            position.forward();
        }
        if (left > 0) {
            // Quill takes a text to end with a line break, and formats it; Yjs writes it then.
            position.insert(transaction, text, new ContentString("\n".repeat(left)));
        }
        end(transaction, text, position, negated);
    }

    static void delete(Transaction transaction, YType text, TextPosition position, int count) {
        Map<String, @Nullable Object> before = new LinkedHashMap<>(position.attributes);
        Item start = position.right;
        int left = count;
        for (Item item = position.right; item != null && left > 0; item = position.right) {
            if (!item.isDeleted() && isText(item.content)) {
                if (left < item.length) {
                    item.owner.startingAt(transaction, item.clock + left);
                }
                left -= item.visibleLength();
                item.delete(transaction);
            }
            position.forward();
        }
        if (start != null) {
            FormattingCleanup.gap(transaction, start, position.right, before, position.attributes);
        }
        if (text.markers != null) {
            text.markers.shift(position.index, left - count);
        }
    }

    private static boolean isText(Content content) {
        return content instanceof ContentString || content instanceof ContentType || content instanceof ContentEmbed;
    }
}
