package dev.weft.yjs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Text with formatting and embedded objects (Yjs {@code Y.Text}). Indices and lengths are UTF-16 units, as those of {@link String};
 * an embed is one unit long. Formatting is given as attributes: a map from names to {@linkplain YDoc values}, where {@code null} ends
 * an attribute.
 */
public class YText extends YType {
    /** What was done before this came into a document. */
    private @Nullable List<Runnable> pending = new ArrayList<>(0);

    /** A preliminary text without content. */
    public YText() {
        markers = new SearchMarkers();
    }

    /** A preliminary text. */
    public YText(String text) {
        this();
        insert(0, text);
    }

    /** The number of UTF-16 units and embeds. */
    public final int length() {
        integrated();
        return length;
    }

    /** Inserts text with the formatting of what is on its left. */
    public final void insert(int index, String text) {
        if (text.isEmpty()) {
            return;
        }
        change(index, transaction -> {
            TextPosition position = TextPosition.find(transaction, this, index, true);
            Map<String, @Nullable Object> attributes = new LinkedHashMap<>(position.attributes);
            TextOps.insert(transaction, this, position, new ContentString(text), attributes);
        });
    }

    /** Inserts text with exactly these attributes. */
    public final void insert(int index, String text, Map<String, ? extends @Nullable Object> attributes) {
        if (text.isEmpty()) {
            return;
        }
        Map<String, @Nullable Object> copy = JsValues.attributes(attributes);
        change(index, transaction -> {
            TextPosition position = TextPosition.find(transaction, this, index, false);
            TextOps.insert(transaction, this, position, new ContentString(text), copy);
        });
    }

    /** {@link #insertEmbed(int, Object, Map)} without attributes. */
    public final void insertEmbed(int index, Object embed) {
        Object content = checkedEmbed(embed);
        boolean withMarker = pending == null;
        change(index, transaction -> {
            TextPosition position = TextPosition.find(transaction, this, index, withMarker);
            TextOps.insert(transaction, this, position, embedOf(content), new LinkedHashMap<>());
        });
    }

    /**
     * Inserts an object, such as an image.
     *
     * @param embed a {@link Map} or another value, or a preliminary {@link YType}
     */
    public final void insertEmbed(int index, Object embed, Map<String, ? extends @Nullable Object> attributes) {
        Object content = checkedEmbed(embed);
        Map<String, @Nullable Object> copy = JsValues.attributes(attributes);
        change(index, transaction -> {
            TextPosition position = TextPosition.find(transaction, this, index, false);
            TextOps.insert(transaction, this, position, embedOf(content), copy);
        });
    }

    /** Deletes what is in {@code [index, index + length)}. */
    public final void delete(int index, int length) {
        expectRange(index, length);
        if (length == 0) {
            return;
        }
        change(index, transaction -> {
            TextPosition position = TextPosition.find(transaction, this, index, true);
            TextOps.delete(transaction, this, position, length);
        });
    }

    /** Changes attributes of what is in {@code [index, index + length)}. */
    public final void format(int index, int length, Map<String, ? extends @Nullable Object> attributes) {
        expectRange(index, length);
        Map<String, @Nullable Object> copy = JsValues.attributes(attributes);
        if (length == 0) {
            return;
        }
        change(index, transaction -> {
            TextPosition position = TextPosition.find(transaction, this, index, false);
            if (position.right != null) {
                TextOps.format(transaction, this, position, length, copy);
            }
        });
    }

    /** Applies the steps of a delta one after the other. */
    public final void applyDelta(List<DeltaOp> delta) {
        List<DeltaOp> steps = List.copyOf(delta);
        change(0, transaction -> {
            TextPosition position = new TextPosition(null, start, 0);
            for (DeltaOp step : steps) {
                apply(transaction, position, step);
            }
        });
    }

    private void apply(Transaction transaction, TextPosition position, DeltaOp step) {
        switch (step) {
            case DeltaOp.Insert insert -> {
                Object inserted = insert.content();
                if (inserted instanceof String text) {
                    if (!text.isEmpty()) {
                        insert(transaction, position, new ContentString(text), insert.attributes());
                    }
                } else {
                    insert(transaction, position, embedOf(checkedEmbed(inserted)), insert.attributes());
                }
            }
            case DeltaOp.Retain retain ->
                TextOps.format(transaction, this, position, retain.length(), JsValues.attributes(retain.attributes()));
            case DeltaOp.Delete delete -> TextOps.delete(transaction, this, position, delete.length());
        }
    }

    private void insert(
            Transaction transaction, TextPosition position, Content content, Map<String, @Nullable Object> attributes) {
        TextOps.insert(transaction, this, position, content, JsValues.attributes(attributes));
    }

    /** The whole text as insertions. */
    public final List<DeltaOp> toDelta() {
        integrated();
        return new TextContent(null, null).of(this);
    }

    /** The text as it was at a snapshot; the document must not collect garbage. */
    public final List<DeltaOp> toDelta(Snapshot snapshot) {
        return delta(snapshot, null);
    }

    /**
     * The text as it was at a snapshot, and what was deleted since an earlier one: the attribute {@code ychange} is
     * {@code {type: "added"}} or {@code {type: "removed"}} where the two differ.
     */
    public final List<DeltaOp> toDelta(Snapshot snapshot, Snapshot previous) {
        return delta(snapshot, previous);
    }

    private List<DeltaOp> delta(Snapshot snapshot, @Nullable Snapshot previous) {
        List<DeltaOp> steps = new ArrayList<>();
        integrated()
                .transact(
                        transaction -> {
                            transaction.splitFor(snapshot);
                            if (previous != null) {
                                transaction.splitFor(previous);
                            }
                            steps.addAll(new TextContent(snapshot, previous).of(this));
                        },
                        "cleanup");
        return steps;
    }

    /** Sets an attribute of the text as a whole. */
    public final void setAttribute(String name, @Nullable Object value) {
        Content content = MapOps.content(value);
        change(0, transaction -> MapOps.set(transaction, this, name, content));
    }

    /** Removes an attribute of the text as a whole. */
    public final void removeAttribute(String name) {
        change(0, transaction -> MapOps.remove(transaction, this, name));
    }

    /** An attribute of the text as a whole, or null if there is none. */
    public final @Nullable Object getAttribute(String name) {
        integrated();
        return MapOps.get(this, name);
    }

    /** The attributes of the text as a whole. */
    public final Map<String, @Nullable Object> getAttributes() {
        integrated();
        return MapOps.all(this);
    }

    private void change(int index, Consumer<Transaction> change) {
        if (index < 0 || (doc != null && index > length)) {
            throw new IndexOutOfBoundsException(index);
        }
        if (pending == null) {
            integrated().transact(change);
        } else {
            pending.add(() -> integrated().transact(change));
        }
    }

    private void expectRange(int index, int count) {
        if (index < 0 || count < 0 || (doc != null && index > length - count)) {
            throw new IndexOutOfBoundsException("[" + index + ", " + index + " + " + count + ")");
        }
    }

    private static Object checkedEmbed(@Nullable Object embed) {
        if (embed == null || embed instanceof String || embed instanceof YDoc) {
            throw new IllegalArgumentException("an embed is an object or a type, not " + embed);
        }
        return embed instanceof YType ? embed : JsValues.toJson(embed);
    }

    private static Content embedOf(Object checked) {
        return checked instanceof byte[] json ? new ContentEmbed(json) : MapOps.content(checked);
    }

    @Override
    void integrate(YDoc into, @Nullable Item holder) {
        super.integrate(into, holder);
        List<Runnable> waiting = pending;
        pending = null;
        if (waiting != null) {
            waiting.forEach(Runnable::run);
        }
    }

    @Override
    void changed(Transaction transaction, Set<@Nullable String> keys, List<YEvent> events, Failures failures) {
        super.changed(transaction, keys, events, failures);
        if (!transaction.isLocal() && hasFormatting) {
            transaction.needFormattingCleanup();
        }
    }

    @Override
    YEvent event(Transaction transaction, Set<@Nullable String> keys) {
        return new YTextEvent(this, transaction, keys);
    }

    @Override
    void writeKind(Output out) {
        out.uint8(TEXT);
    }

    /** The text without formatting and embeds. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Item at = start; at != null; at = at.right) {
            if (!at.isDeleted() && at.content instanceof ContentString content) {
                content.appendTo(text);
            }
        }
        return text.toString();
    }

    @Override
    public Object toJson() {
        return toString();
    }

    @Override
    RootKind likelyKind() {
        return RootKind.TEXT;
    }
}
