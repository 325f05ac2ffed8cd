package dev.weft.yjs;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list of XML nodes: {@link YXmlElement}, {@link YXmlText} and {@link YXmlHook} (Yjs {@code Y.XmlFragment}). */
public class YXmlFragment extends YType implements Iterable<YType> {
    private @Nullable List<YType> preliminary = new ArrayList<>(0);

    /** A preliminary fragment without nodes. */
    public YXmlFragment() {}

    /** The number of nodes. */
    public final int length() {
        return preliminary == null ? length : preliminary.size();
    }

    /** Inserts preliminary nodes. */
    public final void insert(int index, YType... nodes) {
        List<YType> list = List.of(nodes);
        if (preliminary == null) {
            integrated().transact(transaction -> ListOps.insert(transaction, this, index, list));
        } else {
            preliminary.addAll(index, list);
        }
    }

    /** Appends preliminary nodes. */
    public final void push(YType... nodes) {
        insert(length(), nodes);
    }

    /**
     * Inserts preliminary nodes behind another.
     *
     * @param reference a node of this fragment, or null for its start
     */
    public final void insertAfter(@Nullable YType reference, YType... nodes) {
        List<YType> list = List.of(nodes);
        if (preliminary == null) {
            Item item = reference == null ? null : reference.item;
            if (reference != null && (item == null || !item.parent.equals(this))) {
                throw new IllegalArgumentException("the reference is no node of this fragment");
            }
            integrated().transact(transaction -> ListOps.insertValuesAfter(transaction, this, item, list));
        } else {
            int index = reference == null ? 0 : preliminary.indexOf(reference) + 1;
            if (index == 0 && reference != null) {
                throw new IllegalArgumentException("the reference is no node of this fragment");
            }
            preliminary.addAll(index, list);
        }
    }

    /** Deletes the nodes of {@code [index, index + length)}. */
    public final void delete(int index, int length) {
        if (preliminary == null) {
            integrated().transact(transaction -> ListOps.delete(transaction, this, index, length));
        } else {
            preliminary.subList(index, index + length).clear();
        }
    }

    /**
     * The node at an index.
     *
     * @throws IndexOutOfBoundsException if there is no such node
     */
    public final YType get(int index) {
        integrated();
        return node(ListOps.get(this, index));
    }

    /** The first node, or null. */
    public final @Nullable YType firstChild() {
        Iterator<YType> nodes = iterator();
        return nodes.hasNext() ? nodes.next() : null;
    }

    /** All nodes. A new list. */
    public final List<YType> toList() {
        List<YType> nodes = new ArrayList<>(length);
        forEach(nodes::add);
        return nodes;
    }

    @Override
    public final Iterator<YType> iterator() {
        integrated();
        Iterator<@Nullable Object> elements = ListOps.iterator(this);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return elements.hasNext();
            }

            @Override
            public YType next() {
                return node(elements.next());
            }
        };
    }

    /** Updates may hold anything; Yjs fails on what is no node too. */
    private static YType node(@Nullable Object element) {
        if (element instanceof YType type) {
            return type;
        }
        throw new IllegalStateException("a client has put something into the XML that is no node: " + element);
    }

    @Override
    void integrate(YDoc into, @Nullable Item holder) {
        super.integrate(into, holder);
        List<YType> nodes = preliminary;
        preliminary = null;
        if (nodes != null && !nodes.isEmpty()) {
            insert(0, nodes.toArray(YType[]::new));
        }
    }

    @Override
    void writeKind(Output out) {
        out.uint8(XML_FRAGMENT);
    }

    /** The nodes as XML. Nothing is escaped, as in Yjs: this is for reading, not for a browser. */
    @Override
    public String toString() {
        return doc == null ? "" : XmlWriter.write(this);
    }

    @Override
    public final Object toJson() {
        return toString();
    }

    @Override
    RootKind likelyKind() {
        return RootKind.XML;
    }
}
