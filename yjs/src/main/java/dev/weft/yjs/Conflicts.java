package dev.weft.yjs;

import java.util.Arrays;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The items that {@link Item#integrate} has passed while it looks for its place: those before the origin, and among them the
 * last ones, which are still in conflict. They are nearly always few, so they are looked for one by one; beyond that a map helps.
 */
final class Conflicts {
    private static final int FEW = 16;

    private Item[] passed = new Item[FEW];
    private int size;
    private int firstOpen;
    private @Nullable IdentityHashMap<Item, Integer> positions;

    void clear() {
        Arrays.fill(passed, 0, Math.min(size, FEW), null);
        if (size > FEW) {
            passed = new Item[FEW];
        }
        size = 0;
        firstOpen = 0;
        positions = null;
    }

    void add(Item item) {
        if (size == passed.length) {
            passed = Arrays.copyOf(passed, size * 2);
        }
        passed[size] = item;
        if (positions != null) {
            positions.put(item, size);
        }
        size++;
    }

    /** None of those passed is in conflict any more. */
    void settle() {
        firstOpen = size;
    }

    boolean contains(Item item) {
        return position(item) >= 0;
    }

    boolean isOpen(Item item) {
        return position(item) >= firstOpen;
    }

    private int position(Item item) {
        if (size > FEW) {
            return positions().getOrDefault(item, -1);
        }
        for (int i = size - 1; i >= 0; i--) {
            if (passed[i] == item) {
                return i;
            }
        }
        return -1;
    }

    private IdentityHashMap<Item, Integer> positions() {
        if (positions == null) {
            positions = new IdentityHashMap<>();
            for (int i = 0; i < size; i++) {
                positions.put(passed[i], i);
            }
        }
        return positions;
    }
}
