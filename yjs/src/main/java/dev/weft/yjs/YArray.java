package dev.weft.yjs;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list of {@linkplain YDoc values} (Yjs {@code Y.Array}). */
public final class YArray extends YType implements Iterable<@Nullable Object> {
    private @Nullable List<@Nullable Object> preliminary = new ArrayList<>(0);

    /** A preliminary array without elements. */
    public YArray() {
        markers = new SearchMarkers();
    }

    /** A preliminary array. */
    public static YArray of(@Nullable Object... values) {
        YArray array = new YArray();
        for (Object value : values) {
            array.push(value);
        }
        return array;
    }

    /** The number of elements. */
    public int length() {
        integrated();
        return length;
    }

    /** Inserts one value. */
    public void insert(int index, @Nullable Object value) {
        insertAll(index, listOf(value));
    }

    /** Inserts values in a row; cheaper than one after the other. */
    public void insertAll(int index, List<? extends @Nullable Object> values) {
        if (preliminary == null) {
            integrated().transact(transaction -> ListOps.insert(transaction, this, index, values));
        } else {
            preliminary.addAll(index, values);
        }
    }

    /** Appends one value. */
    public void push(@Nullable Object value) {
        pushAll(listOf(value));
    }

    /** Appends values. */
    public void pushAll(List<? extends @Nullable Object> values) {
        if (preliminary == null) {
            integrated().transact(transaction -> ListOps.push(transaction, this, values));
        } else {
            preliminary.addAll(values);
        }
    }

    private static List<@Nullable Object> listOf(@Nullable Object value) {
        List<@Nullable Object> one = new ArrayList<>(1);
        one.add(value);
        return one;
    }

    /** Deletes the elements of {@code [index, index + length)}. */
    public void delete(int index, int length) {
        if (preliminary == null) {
            integrated().transact(transaction -> ListOps.delete(transaction, this, index, length));
        } else {
            preliminary.subList(index, index + length).clear();
        }
    }

    /**
     * The element at an index.
     *
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public @Nullable Object get(int index) {
        integrated();
        return ListOps.get(this, index);
    }

    /** The elements of {@code [from, to)}. A new list. */
    public List<@Nullable Object> slice(int from, int to) {
        integrated();
        if (from < 0 || from > to || to > length) {
            throw new IndexOutOfBoundsException("[" + from + ", " + to + ") of " + length);
        }
        return ListOps.slice(this, from, to);
    }

    /** All elements. A new list. */
    public List<@Nullable Object> toList() {
        return slice(0, length());
    }

    /** The elements in order. What changes during the iteration may or may not be seen. */
    @Override
    public Iterator<@Nullable Object> iterator() {
        integrated();
        return ListOps.iterator(this);
    }

    @Override
    void integrate(YDoc into, @Nullable Item holder) {
        super.integrate(into, holder);
        List<@Nullable Object> values = preliminary;
        preliminary = null;
        if (values != null && !values.isEmpty()) {
            insertAll(0, values);
        }
    }

    @Override
    void writeKind(Output out) {
        out.uint8(ARRAY);
    }

    @Override
    public Object toJson() {
        integrated();
        return JsonTree.of(this);
    }

    @Override
    RootKind likelyKind() {
        return RootKind.ARRAY;
    }
}
