package dev.weft.yjs;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Deletes formatting marks that have become redundant (Yjs {@code YText.js}: {@code cleanupFormattingGap} and what calls it). A gap is
 * what lies between two pieces of content.
 */
final class FormattingCleanup {
    private FormattingCleanup() {}

    /**
     * Deletes the marks of a gap that change nothing.
     *
     * @param current where the caller stands; marks before it are taken into account in {@code currentAttributes}
     */
    static int gap(
            Transaction transaction,
            Item start,
            @Nullable Item current,
            Map<String, @Nullable Object> startAttributes,
            Map<String, @Nullable Object> currentAttributes) {
        Map<String, ContentFormat> last = new HashMap<>();
        Item end = start;
        while (end != null && !end.isVisible()) {
            if (!end.isDeleted() && end.content instanceof ContentFormat format) {
                last.put(format.key, format);
            }
            end = end.right;
        }
        int deleted = 0;
        boolean reachedCurrent = false;
        for (Item item = start; item != null && item != end; item = item.right) {
            reachedCurrent |= item == current;
            if (item.isDeleted() || !(item.content instanceof ContentFormat format)) {
                continue;
            }
            Object value = format.value();
            Object before = startAttributes.get(format.key);
            if (last.get(format.key) != format || JsValues.isSame(before, value)) {
                item.delete(transaction);
                deleted++;
                if (!reachedCurrent
                        && JsValues.isSame(currentAttributes.get(format.key), value)
                        && !JsValues.isSame(before, value)) {
                    if (before == null) {
                        currentAttributes.remove(format.key);
                    } else {
                        currentAttributes.put(format.key, before);
                    }
                }
            }
            if (!reachedCurrent && !item.isDeleted()) {
                TextPosition.apply(currentAttributes, format);
            }
        }
        return deleted;
    }

    /** Deletes marks of a gap that another mark behind them overwrites, whatever holds before it. */
    private static void gapAround(Transaction transaction, Item deleted) {
        Item item = deleted;
        while (item.right != null && !item.right.isVisible()) {
            item = item.right;
        }
        Set<String> keys = new HashSet<>();
        for (Item at = item; at != null && !at.isVisible(); at = at.left) {
            if (!at.isDeleted() && at.content instanceof ContentFormat format && !keys.add(format.key)) {
                at.delete(transaction);
            }
        }
    }

    /** Cleans a whole text. */
    private static void text(YDoc doc, YType text) {
        doc.transact(transaction -> {
            Map<String, @Nullable Object> startAttributes = new LinkedHashMap<>();
            Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
            Item start = text.start;
            for (Item item = start; item != null; item = item.right) {
                if (item.isDeleted()) {
                    continue;
                }
                if (item.content instanceof ContentFormat format) {
                    TextPosition.apply(attributes, format);
                } else {
                    gap(transaction, start == null ? item : start, item, startAttributes, attributes);
                    startAttributes = new LinkedHashMap<>(attributes);
                    start = item;
                }
            }
        });
    }

    /** Cleans what a transaction from elsewhere touched, in a transaction of its own. */
    static void after(Transaction transaction) {
        Set<YType> whole = new LinkedHashSet<>();
        for (Touch touch : transaction.touches()) {
            if (touch.after != touch.before) {
                collectFormatted(transaction, touch, whole);
            }
        }
        YDoc doc = transaction.doc();
        doc.transact(cleanup -> {
            for (Touch touch : transaction.deletions()) {
                afterDeletions(transaction, cleanup, touch, whole);
            }
            for (YType text : whole) {
                text(doc, text);
            }
        });
    }

    /** Adds the texts that were given a mark. As in Yjs the structs looked at may be more than the new ones. */
    private static void collectFormatted(Transaction transaction, Touch touch, Set<YType> texts) {
        ClientStructs structs = touch.owner;
        long end = touch.before + touch.after;
        for (int i = structs.indexOfStart(transaction, touch.before); i < structs.size(); i++) {
            if (structs.get(i).clock >= end) {
                break;
            }
            if (end < structs.get(i).end()) {
                structs.indexOfStart(transaction, end);
            }
            if (structs.get(i) instanceof Item item && !item.isDeleted() && item.content instanceof ContentFormat) {
                texts.add(item.parent);
            }
        }
    }

    private static void afterDeletions(Transaction transaction, Transaction cleanup, Touch touch, Set<YType> whole) {
        ClientStructs structs = touch.owner;
        for (int range = 0; range < touch.ranges(); range++) {
            long end = touch.to(range);
            for (int i = structs.indexOfStart(transaction, touch.from(range)); i < structs.size(); i++) {
                if (structs.get(i).clock >= end) {
                    break;
                }
                if (end < structs.get(i).end()) {
                    structs.indexOfStart(transaction, end);
                }
                if (structs.get(i) instanceof Item item && item.parent.hasFormatting && !whole.contains(item.parent)) {
                    if (item.content instanceof ContentFormat) {
                        whole.add(item.parent);
                    } else {
                        gapAround(cleanup, item);
                    }
                }
            }
        }
    }
}
