package dev.weft.yjs;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A shared type: a list of items, and values at keys (Yjs {@code AbstractType.js}). What it is for is said by its subclasses; this
 * class itself is a root of a document that arrived and that nobody has asked for by type yet.
 *
 * <p>A type that was made with {@code new} is preliminary until it is put into a document: it keeps what it is given, and cannot be
 * read. Like its document it belongs to one thread at a time.
 */
public class YType {
    static final int ARRAY = 0;
    static final int MAP = 1;
    static final int TEXT = 2;
    static final int XML_FRAGMENT = 4;
    static final int XML_TEXT = 6;

    @Nullable
    YDoc doc;
    /** The item that holds this; null for a root. */
    @Nullable
    Item item;

    @Nullable
    Item start;
    /** The sum of what is visible in the list. */
    int length;
    /** How many types are above. */
    int depth;

    boolean hasFormatting;

    @Nullable
    SearchMarkers markers;

    private @Nullable Map<String, Item> map;
    private @Nullable Listeners<YEvent> listeners;
    private @Nullable Listeners<List<YEvent>> deepListeners;

    YType() {}

    /** The document that this is in, or null while it is preliminary. */
    public final @Nullable YDoc doc() {
        return doc;
    }

    /** The type that this is in, or null if it is a root or preliminary. */
    public final @Nullable YType parent() {
        return item == null ? null : item.parent;
    }

    /**
     * Calls {@code listener} after each transaction that changed this type itself. What an event tells must be asked for within the
     * call.
     */
    public final Subscription observe(Consumer<? super YEvent> listener) {
        if (listeners == null) {
            listeners = new Listeners<>();
        }
        return listeners.add(listener);
    }

    /**
     * Calls {@code listener} after each transaction that changed this type or anything in it, with all events, the highest types
     * first.
     */
    public final Subscription observeDeep(Consumer<? super List<YEvent>> listener) {
        if (deepListeners == null) {
            deepListeners = new Listeners<>();
        }
        if (doc != null) {
            doc.expectDeepObservers();
        }
        return deepListeners.add(listener);
    }

    /**
     * The content as plain Java values: text and XML as strings, arrays as lists, maps as maps, subdocuments as what
     * {@link YDoc#toJson} gives.
     */
    public @Nullable Object toJson() {
        return Undefined.UNDEFINED;
    }

    // What follows is the machinery of the types.

    /** For one that nobody has asked for by type; the others know. */
    RootKind likelyKind() {
        boolean isXml = false;
        boolean isList = false;
        for (Item child = start; child != null; child = child.right) {
            switch (child.content) {
                case ContentString text -> {
                    return RootKind.TEXT;
                }
                case ContentFormat format -> {
                    return RootKind.TEXT;
                }
                case ContentEmbed embed -> {
                    return RootKind.TEXT;
                }
                case ContentType nested ->
                    isXml |= nested.type instanceof YXmlFragment || nested.type instanceof YXmlText;
                default -> {}
            }
            isList |= !child.isDeleted();
        }
        if (isXml) {
            return RootKind.XML;
        }
        if (isList) {
            return RootKind.ARRAY;
        }
        return values().isEmpty() ? RootKind.UNKNOWN : RootKind.MAP;
    }

    final YDoc integrated() {
        if (doc == null) {
            throw new IllegalStateException("this type is not in a document yet");
        }
        return doc;
    }

    void integrate(YDoc into, @Nullable Item holder) {
        doc = into;
        item = holder;
        depth = holder == null ? 0 : holder.parent.depth + 1;
        if (deepListeners != null) {
            into.expectDeepObservers();
        }
    }

    /** Takes the place of a root that had no type. */
    final void takeOver(YType root) {
        map = root.map;
        start = root.start;
        length = root.length;
        listeners = root.listeners;
        deepListeners = root.deepListeners;
        for (Item child = start; child != null; child = child.right) {
            child.parent = this;
        }
        for (Item last : values()) {
            for (Item child = last; child != null; child = child.left) {
                child.parent = this;
            }
        }
    }

    /** The number and, if it has one, the name of the type, as it stands in updates. */
    void writeKind(Output out) {
        throw new IllegalStateException("a root without a type is in no update");
    }

    /** How an item names this as its parent. */
    final void writeAsParent(Output out) {
        if (item == null) {
            out.uint8(1);
            Texts.write(out, integrated().nameOf(this));
        } else {
            out.uint8(0).varUint(item.owner.client).varUint(item.clock);
        }
    }

    /** Reads what {@link #writeKind} writes. */
    static YType read(Input in) {
        int kind = (int) in.varUint();
        return switch (kind) {
            case ARRAY -> new YArray();
            case MAP -> new YMap();
            case TEXT -> new YText();
            case StructReader.XML_ELEMENT -> new YXmlElement(Texts.read(in));
            case XML_FRAGMENT -> new YXmlFragment();
            case StructReader.XML_HOOK -> new YXmlHook(Texts.read(in));
            default -> new YXmlText();
        };
    }

    @Nullable
    Item valueAt(String key) {
        return map == null ? null : map.get(key);
    }

    void putValue(String key, Item last) {
        if (map == null) {
            map = new LinkedHashMap<>();
        }
        map.put(key, last);
    }

    /** The last items of all keys, deleted or not. */
    Collection<Item> values() {
        return map == null ? List.of() : map.values();
    }

    Set<Map.Entry<String, Item>> valueEntries() {
        return map == null ? Set.of() : map.entrySet();
    }

    /** All items of the list, then the last ones of all keys. */
    Iterator<Item> children() {
        return new Iterator<>() {
            private @Nullable Item next = start;
            private Iterator<Item> values = values().iterator();

            @Override
            public boolean hasNext() {
                return next != null || values.hasNext();
            }

            @Override
            public Item next() {
                Item child = next;
                if (child == null) {
                    return values.next();
                }
                next = child.right;
                return child;
            }
        };
    }

    void forgetChildren() {
        start = null;
        map = null;
    }

    /** Called when a transaction has changed this type: makes an event if there may be somebody who wants it. */
    void changed(Transaction transaction, Set<@Nullable String> keys, List<YEvent> events, Failures failures) {
        if (!transaction.isLocal() && markers != null) {
            markers.clear();
        }
        boolean heard = listeners != null && !listeners.isEmpty();
        if (!heard && !transaction.doc().hasDeepObservers()) {
            return;
        }
        YEvent event = event(transaction, keys);
        events.add(event);
        if (heard && listeners != null) {
            listeners.call(event, failures);
        }
    }

    YEvent event(Transaction transaction, Set<@Nullable String> keys) {
        return new YEvent(this, transaction, keys);
    }

    boolean hasDeepListeners() {
        return deepListeners != null && !deepListeners.isEmpty();
    }

    Listeners<List<YEvent>> deepListeners() {
        return deepListeners == null ? new Listeners<>() : deepListeners;
    }
}
