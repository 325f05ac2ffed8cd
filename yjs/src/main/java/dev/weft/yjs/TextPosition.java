package dev.weft.yjs;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A place between two items of a text, its index, and the attributes that hold there (Yjs {@code YText.js}, {@code ItemTextListPosition}). */
final class TextPosition {
    @Nullable
    Item left;

    @Nullable
    Item right;

    int index;
    final Map<String, @Nullable Object> attributes = new LinkedHashMap<>();

    TextPosition(@Nullable Item left, @Nullable Item right, int index) {
        this.left = left;
        this.right = right;
        this.index = index;
    }

    /** Goes to an index, or to the end if there is none such. */
    static TextPosition find(Transaction transaction, YType text, int index, boolean withMarker) {
        SearchMarkers markers = text.markers;
        SearchMarkers.Marker marker = withMarker && markers != null ? markers.find(text, index) : null;
        TextPosition position;
        if (marker != null) {
            position = new TextPosition(marker.item.left, marker.item, marker.index);
            position.advance(transaction, index - marker.index);
        } else {
            position = new TextPosition(null, text.start, 0);
            position.advance(transaction, index);
        }
        return position;
    }

    private void advance(Transaction transaction, int count) {
        int left = count;
        for (Item item = right; item != null && left > 0; item = right) {
            if (!item.isDeleted() && !(item.content instanceof ContentFormat)) {
                if (left < item.length) {
                    item.owner.startingAt(transaction, item.clock + left);
                }
                left -= item.visibleLength();
            }
            forward();
        }
    }

    /** Goes past the item on the right, which must be there. */
    void forward() {
        Item item = right;
        if (item == null) {
            throw new IllegalStateException("at the end of the text");
        }
        if (!item.isDeleted()) {
            if (item.content instanceof ContentFormat format) {
                apply(attributes, format);
            } else {
                index += item.visibleLength();
            }
        }
        left = item;
        right = item.right;
    }

    /** What a mark does to the attributes that hold. */
    static void apply(Map<String, @Nullable Object> attributes, ContentFormat format) {
        Object value = format.value();
        if (value == null) {
            attributes.remove(format.key);
        } else {
            attributes.put(format.key, value);
        }
    }

    /** Inserts content on the right, and goes past it. */
    void insert(Transaction transaction, YType text, Content content) {
        right = Item.insert(transaction, left, right, text, null, content);
        forward();
    }
}
