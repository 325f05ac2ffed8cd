package dev.weft.yjs;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Remembered positions in a list, so that going to an index does not begin at its start (Yjs {@code AbstractType.js},
 * {@code findMarker}). Where among deleted items something is inserted depends on them, so they are kept exactly as Yjs keeps them.
 */
final class SearchMarkers {
    private static final int MAX_MARKERS = 80;

    /** An item, and the index at which it begins. */
    static final class Marker {
        Item item;
        int index;
        private long lastUse;

        private Marker(Item item, int index, long lastUse) {
            this.item = item;
            this.index = index;
            this.lastUse = lastUse;
            item.mark(true);
        }
    }

    private final List<Marker> markers = new ArrayList<>(0);
    private long uses;

    void clear() {
        markers.clear();
    }

    /** The marker with the highest index, or null. */
    @Nullable
    Marker last() {
        Marker last = null;
        for (Marker marker : markers) {
            if (last == null ? marker.index > 0 : marker.index > last.index) {
                last = marker;
            }
        }
        return last;
    }

    /** A marker at or before an index of a list, or null at its beginning. */
    @Nullable
    Marker find(YType list, int index) {
        Item start = list.start;
        if (start == null || index == 0) {
            return null;
        }
        Marker marker = closest(index);
        Item item = start;
        int at = 0;
        if (marker != null) {
            item = marker.item;
            at = marker.index;
            marker.lastUse = uses++;
        }
        while (item.right != null && at < index) {
            if (item.isVisible()) {
                if (index < at + item.visibleLength()) {
                    break;
                }
                at += item.visibleLength();
            }
            item = item.right;
        }
        while (item.left != null && at > index) {
            item = item.left;
            if (item.isVisible()) {
                at -= item.visibleLength();
            }
        }
        // What could be joined to its left is no place for a marker.
        while (item.left != null && item.left.owner == item.owner && item.left.end() == item.clock) {
            item = item.left;
            if (item.isVisible()) {
                at -= item.visibleLength();
            }
        }
        if (marker != null && Math.abs(marker.index - at) < (double) item.parent.length / MAX_MARKERS) {
            move(marker, item, at);
            return marker;
        }
        return mark(item, at);
    }

    private @Nullable Marker closest(int index) {
        Marker closest = null;
        for (Marker marker : markers) {
            if (closest == null || Math.abs(index - closest.index) >= Math.abs(index - marker.index)) {
                closest = marker;
            }
        }
        return closest;
    }

    private void move(Marker marker, Item item, int index) {
        marker.item.mark(false);
        marker.item = item;
        item.mark(true);
        marker.index = index;
        marker.lastUse = uses++;
    }

    private Marker mark(Item item, int index) {
        if (markers.size() < MAX_MARKERS) {
            Marker marker = new Marker(item, index, uses++);
            markers.add(marker);
            return marker;
        }
        Marker oldest = markers.getFirst();
        for (Marker marker : markers) {
            if (marker.lastUse < oldest.lastUse) {
                oldest = marker;
            }
        }
        move(oldest, item, index);
        return oldest;
    }

    /** Keeps the markers right when {@code length} units are inserted at an index, or, if it is negative, deleted. */
    void shift(int index, int length) {
        for (int i = markers.size() - 1; i >= 0; i--) {
            Marker marker = markers.get(i);
            if (length > 0 && !moveToVisible(marker)) {
                markers.remove(i);
                continue;
            }
            if (index < marker.index || (length > 0 && index == marker.index)) {
                marker.index = Math.max(index, marker.index + length);
            }
        }
    }

    /** @return whether there is such an item, and no marker on it yet */
    private static boolean moveToVisible(Marker marker) {
        Item item = marker.item;
        item.mark(false);
        while (item != null && !item.isVisible()) {
            item = item.left;
            if (item != null && item.isVisible()) {
                marker.index -= item.visibleLength();
            }
        }
        if (item == null || item.isMarked()) {
            return false;
        }
        marker.item = item;
        item.mark(true);
        return true;
    }

    /** {@code right} has become part of {@code left}. */
    void merged(Item left, Item right) {
        for (Marker marker : markers) {
            if (marker.item == right) {
                marker.item = left;
                if (left.isVisible()) {
                    marker.index -= left.visibleLength();
                }
            }
        }
    }
}
