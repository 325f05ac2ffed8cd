package dev.weft.yjs;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** XML as text, as {@code toString} of Yjs's types has it. Elements may be nested deeply, so this keeps its own stack. */
final class XmlWriter {
    private final StringBuilder out = new StringBuilder();
    /** What is to be written yet, the next on top. */
    private final Deque<Iterator<Runnable>> open = new ArrayDeque<>();

    private XmlWriter() {}

    static String write(YType type) {
        XmlWriter writer = new XmlWriter();
        writer.value(type);
        while (!writer.open.isEmpty()) {
            Iterator<Runnable> steps = writer.open.peek();
            if (steps.hasNext()) {
                steps.next().run();
            } else {
                writer.open.pop();
            }
        }
        return writer.out.toString();
    }

    private void value(@Nullable Object value) {
        switch (value) {
            case YXmlElement element -> element(element);
            case YXmlFragment fragment -> later(ListOps.iterator(fragment), this::value);
            case YXmlText text -> later(text.toDelta().iterator(), this::formatted);
            case YDoc ignored -> out.append("[object Object]");
            case YArray ignored -> out.append("[object Object]");
            case YMap ignored -> out.append("[object Object]");
            case null -> out.append(JsValues.toText(value));
            default -> out.append(JsValues.toText(value));
        }
    }

    private void element(YXmlElement element) {
        String name = element.nodeName().toLowerCase(Locale.ROOT);
        out.append('<').append(name);
        later("</" + name + ">");
        later(ListOps.iterator(element), this::value);
        later(">");
        later(new TreeMap<>(element.getAttributes()).entrySet().iterator(), attribute -> {
            out.append(' ').append(attribute.getKey()).append("=\"");
            later("\"");
            value(attribute.getValue());
        });
    }

    /** Text or an embed in its formatting: each attribute is an element, and if it is an object, that has attributes. */
    private void formatted(DeltaOp step) {
        if (!(step instanceof DeltaOp.Insert insert)) {
            return;
        }
        StringBuilder end = new StringBuilder();
        for (Map.Entry<String, @Nullable Object> format : new TreeMap<>(insert.attributes()).entrySet()) {
            out.append('<').append(format.getKey());
            new TreeMap<>(JsValues.properties(format.getValue()))
                    .forEach((key, property) -> out.append(' ')
                            .append(key)
                            .append("=\"")
                            .append(JsValues.toText(property))
                            .append('"'));
            out.append('>');
            end.insert(0, "</" + format.getKey() + ">");
        }
        later(end.toString());
        value(insert.content());
    }

    private void later(String text) {
        later(List.of(text).iterator(), out::append);
    }

    private <T extends @Nullable Object> void later(Iterator<? extends T> values, Consumer<T> write) {
        open.push(new Iterator<>() {
            @Override
            public boolean hasNext() {
                return values.hasNext();
            }

            @Override
            public Runnable next() {
                T value = values.next();
                return () -> write.accept(value);
            }
        });
    }
}
