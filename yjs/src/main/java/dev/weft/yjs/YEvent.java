package dev.weft.yjs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction changed in one type. Changes are computed when they are asked for, which must be within the call of the
 * observer; what was returned may be kept.
 */
public class YEvent {
    private final YType target;
    private YType currentTarget;
    private final Transaction transaction;
    private final Set<@Nullable String> changed;
    private @Nullable List<DeltaOp> delta;
    private @Nullable Map<String, KeyChange> keys;

    YEvent(YType target, Transaction transaction, Set<@Nullable String> changed) {
        this.target = target;
        this.currentTarget = target;
        this.transaction = transaction;
        this.changed = changed;
    }

    /** The type that changed. */
    public YType target() {
        return target;
    }

    /** The type whose observer is being called. */
    public YType currentTarget() {
        return currentTarget;
    }

    public Transaction transaction() {
        return transaction;
    }

    /** Whether the list of the type changed, in contrast to its keys. */
    public boolean childListChanged() {
        return changed.contains(null);
    }

    /** The keys that were written, even if their values are what they were. */
    public Set<String> keysChanged() {
        Set<String> names = new LinkedHashSet<>();
        for (String key : changed) {
            if (key != null) {
                names.add(key);
            }
        }
        return names;
    }

    /** The way from {@link #currentTarget} to {@link #target}: a {@link String} for a key, an {@link Integer} for an index. */
    public List<Object> path() {
        Deque<Object> path = new ArrayDeque<>();
        YType type = target;
        for (Item item = type.item; item != null && !type.equals(currentTarget); item = type.item) {
            path.addFirst(item.key != null ? (Object) item.key : indexOf(item));
            type = item.parent;
        }
        return List.copyOf(path);
    }

    private static Integer indexOf(Item child) {
        int index = 0;
        for (Item item = child.parent.start; item != null && item != child; item = item.right) {
            if (item.isVisible()) {
                index += item.visibleLength();
            }
        }
        return index;
    }

    /** What changed in the list, as the steps from its old content to the new. */
    public List<DeltaOp> delta() {
        if (delta == null) {
            expectRunning();
            delta = Collections.unmodifiableList(computeDelta());
        }
        return delta;
    }

    /** What changed at the keys. Keys that are as they were are left out. */
    public Map<String, KeyChange> keys() {
        if (keys == null) {
            expectRunning();
            Map<String, KeyChange> changes = new LinkedHashMap<>();
            for (String key : keysChanged()) {
                KeyChange change = change(target.valueAt(key));
                if (change != null) {
                    changes.put(key, change);
                }
            }
            keys = Collections.unmodifiableMap(changes);
        }
        return keys;
    }

    private @Nullable KeyChange change(@Nullable Item item) {
        if (item == null) {
            return null;
        }
        if (!adds(item)) {
            return deletes(item) ? new KeyChange(KeyChange.Action.DELETE, MapOps.value(item)) : null;
        }
        Item previous = item.left;
        while (previous != null && adds(previous)) {
            previous = previous.left;
        }
        Item replaced = previous != null && deletes(previous) ? previous : null;
        if (deletes(item)) {
            return replaced == null ? null : new KeyChange(KeyChange.Action.DELETE, MapOps.value(replaced));
        }
        return replaced == null
                ? new KeyChange(KeyChange.Action.ADD, Undefined.UNDEFINED)
                : new KeyChange(KeyChange.Action.UPDATE, MapOps.value(replaced));
    }

    List<DeltaOp> computeDelta() {
        ListDelta result = new ListDelta();
        if (childListChanged()) {
            for (Item item = target.start; item != null; item = item.right) {
                if (!item.isDeleted()) {
                    if (adds(item)) {
                        result.insert(item);
                    } else {
                        result.retain((int) item.length);
                    }
                } else if (deletes(item) && !adds(item)) {
                    result.delete((int) item.length);
                }
            }
        }
        return result.finish();
    }

    boolean adds(Struct struct) {
        return transaction.adds(struct);
    }

    boolean deletes(Struct struct) {
        return transaction.deletes(struct);
    }

    void retarget(YType type) {
        currentTarget = type;
    }

    private void expectRunning() {
        if (!transaction.isObserved()) {
            throw new IllegalStateException("an event tells its changes only while its observers are called");
        }
    }

    /** Steps in the making; equal ones side by side become one. */
    private static final class ListDelta {
        private final List<DeltaOp> steps = new ArrayList<>();
        private List<@Nullable Object> inserted = new ArrayList<>();
        private int retained;
        private int deleted;

        void insert(Item item) {
            finishRetain();
            finishDelete();
            for (int i = 0; item.isCountable() && i < item.length; i++) {
                inserted.add(item.content.element(i));
            }
        }

        void retain(int length) {
            finishInsert();
            finishDelete();
            retained += length;
        }

        void delete(int length) {
            finishInsert();
            finishRetain();
            deleted += length;
        }

        private void finishInsert() {
            if (!inserted.isEmpty()) {
                steps.add(new DeltaOp.Insert(Collections.unmodifiableList(inserted), Map.of()));
                inserted = new ArrayList<>();
            }
        }

        private void finishRetain() {
            if (retained > 0) {
                steps.add(DeltaOp.retain(retained));
                retained = 0;
            }
        }

        private void finishDelete() {
            if (deleted > 0) {
                steps.add(DeltaOp.delete(deleted));
                deleted = 0;
            }
        }

        /** What is retained at the end is not said. */
        List<DeltaOp> finish() {
            finishInsert();
            finishDelete();
            return steps;
        }
    }
}
