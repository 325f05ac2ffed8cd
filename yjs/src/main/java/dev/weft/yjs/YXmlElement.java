package dev.weft.yjs;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An XML element: a name, attributes, and nodes inside (Yjs {@code Y.XmlElement}). */
public final class YXmlElement extends YXmlFragment {
    private final String nodeName;
    private @Nullable Map<String, @Nullable Object> preliminaryAttributes = new LinkedHashMap<>(0);

    /** A preliminary element without attributes and nodes. */
    public YXmlElement(String nodeName) {
        this.nodeName = nodeName;
    }

    public String nodeName() {
        return nodeName;
    }

    /** Sets an attribute; a string as a rule, but any {@linkplain YDoc value} may be kept. */
    public void setAttribute(String name, @Nullable Object value) {
        if (preliminaryAttributes == null) {
            Content content = MapOps.content(value);
            integrated().transact(transaction -> MapOps.set(transaction, this, name, content));
        } else {
            preliminaryAttributes.put(name, value);
        }
    }

    public void removeAttribute(String name) {
        if (preliminaryAttributes == null) {
            integrated().transact(transaction -> MapOps.remove(transaction, this, name));
        } else {
            preliminaryAttributes.remove(name);
        }
    }

    /** An attribute, or null if there is none. */
    public @Nullable Object getAttribute(String name) {
        integrated();
        return MapOps.get(this, name);
    }

    public boolean hasAttribute(String name) {
        integrated();
        return MapOps.has(this, name);
    }

    /** All attributes. A new map. */
    public Map<String, @Nullable Object> getAttributes() {
        integrated();
        return MapOps.all(this);
    }

    /** All attributes as they were at a snapshot; the document must not collect garbage. */
    public Map<String, @Nullable Object> getAttributes(Snapshot snapshot) {
        integrated();
        return MapOps.all(this, snapshot);
    }

    @Override
    void integrate(YDoc into, @Nullable Item holder) {
        super.integrate(into, holder);
        Map<String, @Nullable Object> attributes = preliminaryAttributes;
        preliminaryAttributes = null;
        if (attributes != null) {
            attributes.forEach(this::setAttribute);
        }
    }

    @Override
    void writeKind(Output out) {
        out.uint8(StructReader.XML_ELEMENT);
        Texts.write(out, nodeName);
    }
}
