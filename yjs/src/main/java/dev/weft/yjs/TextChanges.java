package dev.weft.yjs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The delta of an event on a text (Yjs {@code YText.js}, {@code YTextEvent.delta}). Like Yjs it deletes marks that it finds to be
 * redundant, in a transaction of its own.
 */
final class TextChanges {
    private enum Action {
        INSERT,
        RETAIN,
        DELETE
    }

    private final YEvent event;
    private final List<DeltaOp> steps = new ArrayList<>();

    /** What holds now, and what held before the transaction. */
    private final Map<String, @Nullable Object> current = new LinkedHashMap<>();

    private final Map<String, @Nullable Object> old = new LinkedHashMap<>();

    /** What the transaction changed in the formatting of what it retained. */
    private final Map<String, @Nullable Object> changed = new LinkedHashMap<>();

    private @Nullable Action action;
    private final StringBuilder inserted = new StringBuilder();
    private int retained;
    private int deleted;

    TextChanges(YEvent event) {
        this.event = event;
    }

    List<DeltaOp> compute() {
        YType text = event.target();
        text.integrated().transact(transaction -> {
            for (Item item = text.start; item != null; item = item.right) {
                switch (item.content) {
                    case ContentType embed -> embed(item, embed);
                    case ContentEmbed embed -> embed(item, embed);
                    case ContentString string -> string(item, string);
                    case ContentFormat format -> format(transaction, item, format);
                    default -> {}
                }
            }
            finishStep();
        });
        while (!steps.isEmpty()
                && steps.getLast() instanceof DeltaOp.Retain retain
                && retain.attributes().isEmpty()) {
            steps.removeLast();
        }
        return steps;
    }

    private void embed(Item item, Content content) {
        if (event.adds(item)) {
            if (!event.deletes(item)) {
                finishStep();
                steps.add(new DeltaOp.Insert(content.element(0), withoutNulls(current)));
            }
        } else {
            keepOrDelete(item);
        }
    }

    private void string(Item item, ContentString content) {
        if (event.adds(item)) {
            if (!event.deletes(item)) {
                begin(Action.INSERT);
                content.appendTo(inserted);
            }
        } else {
            keepOrDelete(item);
        }
    }

    private void keepOrDelete(Item item) {
        if (event.deletes(item)) {
            begin(Action.DELETE);
            deleted += item.visibleLength();
        } else if (!item.isDeleted()) {
            begin(Action.RETAIN);
            retained += item.visibleLength();
        }
    }

    private void format(Transaction transaction, Item item, ContentFormat format) {
        String key = format.key;
        Object value = format.value();
        if (event.adds(item)) {
            if (!event.deletes(item)) {
                added(transaction, item, key, value);
            }
        } else if (event.deletes(item)) {
            old.put(key, value);
            if (!JsValues.areEqual(current.get(key), value)) {
                finishRetain();
                changed.put(key, current.get(key));
            }
        } else if (!item.isDeleted()) {
            old.put(key, value);
            kept(transaction, item, key, value);
        }
        if (!item.isDeleted()) {
            if (action == Action.INSERT) {
                finishStep();
            }
            TextPosition.apply(current, format);
        }
    }

    private void added(Transaction transaction, Item item, String key, @Nullable Object value) {
        if (!JsValues.areEqual(current.get(key), value)) {
            finishRetain();
            if (JsValues.areEqual(value, old.get(key))) {
                changed.remove(key);
            } else {
                changed.put(key, value);
            }
        } else if (value != null) {
            item.delete(transaction);
        }
    }

    private void kept(Transaction transaction, Item item, String key, @Nullable Object value) {
        if (!changed.containsKey(key)) {
            return;
        }
        Object change = changed.get(key);
        if (!JsValues.areEqual(change, value)) {
            finishRetain();
            if (value == null) {
                changed.remove(key);
            } else {
                changed.put(key, value);
            }
        } else if (change != null) {
            item.delete(transaction);
        }
    }

    private void begin(Action next) {
        if (action != next) {
            finishStep();
            action = next;
        }
    }

    private void finishRetain() {
        if (action == Action.RETAIN) {
            finishStep();
        }
    }

    private void finishStep() {
        if (action == Action.DELETE) {
            steps.add(DeltaOp.delete(deleted));
            deleted = 0;
        } else if (action == Action.INSERT && !inserted.isEmpty()) {
            steps.add(new DeltaOp.Insert(inserted.toString(), withoutNulls(current)));
            inserted.setLength(0);
        } else if (action == Action.RETAIN) {
            steps.add(DeltaOp.retain(retained, changed));
            retained = 0;
        }
        action = null;
    }

    private static Map<String, @Nullable Object> withoutNulls(Map<String, @Nullable Object> attributes) {
        Map<String, @Nullable Object> set = new LinkedHashMap<>();
        attributes.forEach((key, value) -> {
            if (value != null) {
                set.put(key, value);
            }
        });
        return set;
    }
}
