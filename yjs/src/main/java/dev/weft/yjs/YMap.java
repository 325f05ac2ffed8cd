package dev.weft.yjs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A map from strings to {@linkplain YDoc values} (Yjs {@code Y.Map}). Of concurrent writes to a key one wins, everywhere the same. */
public class YMap extends YType {
    private @Nullable Map<String, @Nullable Object> preliminary = new LinkedHashMap<>(0);

    /** A preliminary map without entries. */
    public YMap() {}

    /** A preliminary map. */
    public YMap(Map<String, ? extends @Nullable Object> entries) {
        this();
        entries.forEach(this::set);
    }

    /** Writes an entry, even if its value is the same already. */
    public final void set(String key, @Nullable Object value) {
        if (preliminary == null) {
            Content content = MapOps.content(value);
            integrated().transact(transaction -> MapOps.set(transaction, this, key, content));
        } else {
            preliminary.put(key, value);
        }
    }

    /** The value at a key; null if there is none, or if it is {@code null}. */
    public final @Nullable Object get(String key) {
        integrated();
        return MapOps.get(this, key);
    }

    public final boolean has(String key) {
        integrated();
        return MapOps.has(this, key);
    }

    /** Removes an entry, if there is such. */
    public final void remove(String key) {
        if (preliminary == null) {
            integrated().transact(transaction -> MapOps.remove(transaction, this, key));
        } else {
            preliminary.remove(key);
        }
    }

    /** Removes all entries. */
    public final void clear() {
        if (preliminary == null) {
            integrated().transact(transaction -> {
                for (String key : keys()) {
                    MapOps.remove(transaction, this, key);
                }
            });
        } else {
            preliminary.clear();
        }
    }

    /** The number of entries. Takes time linear in the keys that were ever set. */
    public final int size() {
        int size = 0;
        integrated();
        for (Item item : values()) {
            size += item.isDeleted() ? 0 : 1;
        }
        return size;
    }

    public final Set<String> keys() {
        return entries().keySet();
    }

    /** All entries, in the order in which their keys were first set here. A new map. */
    public final Map<String, @Nullable Object> entries() {
        integrated();
        return MapOps.all(this);
    }

    /** All entries as they were at a snapshot; the document must not collect garbage. */
    public final Map<String, @Nullable Object> entries(Snapshot snapshot) {
        integrated();
        return MapOps.all(this, snapshot);
    }

    @Override
    void integrate(YDoc into, @Nullable Item holder) {
        super.integrate(into, holder);
        Map<String, @Nullable Object> entries = preliminary;
        preliminary = null;
        if (entries != null) {
            entries.forEach(this::set);
        }
    }

    @Override
    void writeKind(Output out) {
        out.uint8(MAP);
    }

    @Override
    public final Object toJson() {
        integrated();
        return JsonTree.of(this);
    }

    @Override
    RootKind likelyKind() {
        return RootKind.MAP;
    }
}
