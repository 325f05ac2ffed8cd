package dev.weft.yjs;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What arrays and XML fragments have in common: access by index to the list of a type (Yjs {@code AbstractType.js}, {@code typeList…}). */
final class ListOps {
    private ListOps() {}

    static @Nullable Object get(YType list, int index) {
        if (index < 0 || index >= list.length) {
            throw new IndexOutOfBoundsException(index);
        }
        int left = index;
        Item item = list.start;
        SearchMarkers.Marker marker = list.markers == null ? null : list.markers.find(list, index);
        if (marker != null) {
            item = marker.item;
            left -= marker.index;
        }
        for (; item != null; item = item.right) {
            if (item.isVisible()) {
                if (left < item.visibleLength()) {
                    return item.content.element(left);
                }
                left -= item.visibleLength();
            }
        }
        throw new IndexOutOfBoundsException(index);
    }

    /** All elements of {@code [from, to)}. */
    static List<@Nullable Object> slice(YType list, int from, int to) {
        List<@Nullable Object> elements = new ArrayList<>(to - from);
        int skip = from;
        int take = to - from;
        for (Item item = list.start; item != null && take > 0; item = item.right) {
            if (item.isVisible()) {
                int length = item.visibleLength();
                for (int i = Math.min(skip, length); i < length && take > 0; i++) {
                    elements.add(item.content.element(i));
                    take--;
                }
                skip = Math.max(0, skip - length);
            }
        }
        return elements;
    }

    static Iterator<@Nullable Object> iterator(YType list) {
        return new Iterator<>() {
            private @Nullable Item item = list.start;
            private int index;

            @Override
            public boolean hasNext() {
                while (item != null && (!item.isVisible() || index >= item.visibleLength())) {
                    item = item.right;
                    index = 0;
                }
                return item != null;
            }

            @Override
            public @Nullable Object next() {
                if (!hasNext() || item == null) {
                    throw new NoSuchElementException();
                }
                return item.content.element(index++);
            }
        };
    }

    /** The content of one value that stands alone: anything but a plain value. */
    static @Nullable Content special(@Nullable Object value) {
        return switch (value) {
            case byte[] bytes -> new ContentBinary(bytes.clone());
            case YDoc doc -> new ContentDoc(doc);
            case YType type -> new ContentType(preliminary(type));
            case null -> null;
            default -> null;
        };
    }

    private static YType preliminary(YType type) {
        if (type.doc != null) {
            throw new IllegalArgumentException("this type is in a document already; insert a copy");
        }
        return type;
    }

    static Content plain(@Nullable Object value) {
        return new ContentValues(StructReader.ANY, JsValues.toAny(value), 1);
    }

    /** The contents for values in a row: plain values side by side share one. Fails before anything is inserted. */
    private static List<Content> contents(List<?> values) {
        List<Content> contents = new ArrayList<>();
        Set<YType> types = new HashSet<>();
        Output plain = new Output(16);
        int count = 0;
        for (Object value : values) {
            Content special = special(value);
            if (special == null) {
                JsValues.writeAny(plain, value);
                count++;
                continue;
            }
            if (count > 0) {
                contents.add(new ContentValues(StructReader.ANY, plain.toByteArray(), count));
                plain = new Output(16);
                count = 0;
            }
            if (special instanceof ContentType content && !types.add(content.type)) {
                throw new IllegalArgumentException("the same type cannot be inserted twice");
            }
            contents.add(special);
        }
        if (count > 0) {
            contents.add(new ContentValues(StructReader.ANY, plain.toByteArray(), count));
        }
        return contents;
    }

    static void insert(Transaction transaction, YType list, int index, List<?> values) {
        if (index < 0 || index > list.length) {
            throw new IndexOutOfBoundsException(index);
        }
        List<Content> contents = contents(values);
        if (index == 0) {
            if (list.markers != null) {
                list.markers.shift(0, values.size());
            }
            insertAfter(transaction, list, null, contents);
            return;
        }
        int left = index;
        Item item = list.start;
        SearchMarkers.Marker marker = list.markers == null ? null : list.markers.find(list, index);
        if (marker != null) {
            item = marker.item;
            left -= marker.index;
            if (left == 0) {
                // One to the left, so that the loop below finds its end.
                item = item.previous();
                left += item != null && item.isCountable() ? item.visibleLength() : 0;
            }
        }
        for (; item != null; item = item.right) {
            if (item.isVisible()) {
                if (left <= item.visibleLength()) {
                    if (left < item.visibleLength()) {
                        item.owner.startingAt(transaction, item.clock + left);
                    }
                    break;
                }
                left -= item.visibleLength();
            }
        }
        if (list.markers != null) {
            list.markers.shift(index, values.size());
        }
        insertAfter(transaction, list, item, contents);
    }

    static void push(Transaction transaction, YType list, List<?> values) {
        SearchMarkers.Marker marker = list.markers == null ? null : list.markers.last();
        Item item = marker == null ? list.start : marker.item;
        while (item != null && item.right != null) {
            item = item.right;
        }
        insertAfter(transaction, list, item, contents(values));
    }

    static void insertValuesAfter(Transaction transaction, YType list, @Nullable Item reference, List<?> values) {
        insertAfter(transaction, list, reference, contents(values));
    }

    private static void insertAfter(
            Transaction transaction, YType list, @Nullable Item reference, List<Content> contents) {
        Item left = reference;
        Item right = reference == null ? list.start : reference.right;
        for (Content content : contents) {
            left = Item.insert(transaction, left, right, list, null, content);
        }
    }

    static void delete(Transaction transaction, YType list, int index, int length) {
        if (index < 0 || length < 0 || index > list.length - length) {
            throw new IndexOutOfBoundsException("[" + index + ", " + index + " + " + length + ") of " + list.length);
        }
        if (length == 0) {
            return;
        }
        int before = index;
        Item item = list.start;
        SearchMarkers.Marker marker = list.markers == null ? null : list.markers.find(list, index);
        if (marker != null) {
            item = marker.item;
            before -= marker.index;
        }
        for (; item != null && before > 0; item = item.right) {
            if (item.isVisible()) {
                if (before < item.visibleLength()) {
                    item.owner.startingAt(transaction, item.clock + before);
                }
                before -= item.visibleLength();
            }
        }
        int left = length;
        for (; item != null && left > 0; item = item.right) {
            if (!item.isDeleted()) {
                if (left < item.length) {
                    item.owner.startingAt(transaction, item.clock + left);
                }
                item.delete(transaction);
                left -= item.visibleLength();
            }
        }
        if (list.markers != null) {
            list.markers.shift(index, left - length);
        }
    }
}
