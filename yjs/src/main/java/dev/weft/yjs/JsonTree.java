package dev.weft.yjs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The plain values of arrays and maps with all that is in them. Types may be nested deeply, so this keeps its own stack. */
final class JsonTree {
    /** What is left to do of an array or a map. */
    private final Deque<Iterator<Runnable>> open = new ArrayDeque<>();

    private JsonTree() {}

    static Object of(YType type) {
        JsonTree tree = new JsonTree();
        Object root = tree.container(type);
        while (!tree.open.isEmpty()) {
            Iterator<Runnable> steps = tree.open.peek();
            if (steps.hasNext()) {
                steps.next().run();
            } else {
                tree.open.pop();
            }
        }
        return root;
    }

    private Object container(YType type) {
        if (type instanceof YArray) {
            List<@Nullable Object> list = new ArrayList<>(type.length);
            Iterator<@Nullable Object> elements = ListOps.iterator(type);
            open.push(steps(elements, element -> convert(element, list::add)));
            return list;
        }
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        Iterator<Map.Entry<String, @Nullable Object>> entries =
                JsValues.ordered(MapOps.all(type)).entrySet().iterator();
        open.push(steps(entries, entry -> convert(entry.getValue(), value -> map.put(entry.getKey(), value))));
        return map;
    }

    private static <T extends @Nullable Object> Iterator<Runnable> steps(Iterator<T> values, Consumer<T> step) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return values.hasNext();
            }

            @Override
            public Runnable next() {
                T value = values.next();
                return () -> step.accept(value);
            }
        };
    }

    private void convert(@Nullable Object value, Consumer<@Nullable Object> into) {
        switch (value) {
            case YArray array -> into.accept(container(array));
            case YMap map -> into.accept(container(map));
            case YType type -> into.accept(type.toJson());
            case YDoc doc -> into.accept(doc.toJson());
            case null -> into.accept(value);
            default -> into.accept(value);
        }
    }
}
