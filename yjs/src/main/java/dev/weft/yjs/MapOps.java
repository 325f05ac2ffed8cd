package dev.weft.yjs;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Access to the keys of a type: the entries of maps, the attributes of XML elements and texts (Yjs {@code AbstractType.js}, {@code typeMap…}). */
final class MapOps {
    private MapOps() {}

    static Content content(@Nullable Object value) {
        Content special = ListOps.special(value);
        return special == null ? ListOps.plain(value) : special;
    }

    static void set(Transaction transaction, YType map, String key, Content content) {
        Item.insert(transaction, map.valueAt(key), null, map, key, content);
    }

    static void remove(Transaction transaction, YType map, String key) {
        Item item = map.valueAt(key);
        if (item != null) {
            item.delete(transaction);
        }
    }

    static boolean has(YType map, String key) {
        Item item = map.valueAt(key);
        return item != null && !item.isDeleted();
    }

    /** The value at a key, or null. */
    static @Nullable Object get(YType map, String key) {
        Item item = map.valueAt(key);
        return item == null || item.isDeleted() ? null : value(item);
    }

    /** What an item holds last; nothing if it arrived as something that is no value. */
    static @Nullable Object value(Item item) {
        return item.isCountable() && item.length > 0
                ? item.content.element(item.visibleLength() - 1)
                : Undefined.UNDEFINED;
    }

    /** All entries, in the order in which their keys were first set here. */
    static Map<String, @Nullable Object> all(YType map) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        for (Map.Entry<String, Item> entry : map.valueEntries()) {
            if (!entry.getValue().isDeleted()) {
                all.put(entry.getKey(), value(entry.getValue()));
            }
        }
        return all;
    }

    /** All entries as they were at a snapshot. */
    static Map<String, @Nullable Object> all(YType map, Snapshot snapshot) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        for (Map.Entry<String, Item> entry : map.valueEntries()) {
            Item item = entry.getValue();
            while (item != null && !snapshot.knows(item)) {
                item = item.left;
            }
            if (item != null && snapshot.shows(item)) {
                all.put(entry.getKey(), value(item));
            }
        }
        return all;
    }
}
