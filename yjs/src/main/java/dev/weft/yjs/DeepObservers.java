package dev.weft.yjs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells the events of a transaction to those who observe a type with everything in it. Each event goes to all observed types above
 * its own; what has been climbed once is not climbed again, so depth costs nothing but once.
 */
final class DeepObservers {
    private final IdentityHashMap<YType, @Nullable YType> nearest = new IdentityHashMap<>();

    private DeepObservers() {}

    static void call(YDoc doc, List<YEvent> events, Failures failures) {
        if (!events.isEmpty() && doc.hasDeepObservers()) {
            new DeepObservers().callAll(events, failures);
        }
    }

    private void callAll(List<YEvent> events, Failures failures) {
        Map<YType, List<YEvent>> heard = new LinkedHashMap<>();
        for (YEvent event : events) {
            YType type = nearestObserved(event.target());
            while (type != null) {
                heard.computeIfAbsent(type, absent -> new ArrayList<>()).add(event);
                YType parent = type.parent();
                type = parent == null ? null : nearestObserved(parent);
            }
        }
        heard.forEach((type, of) -> call(type, of, failures));
    }

    private static void call(YType type, List<YEvent> events, Failures failures) {
        if (type.item != null && type.item.isDeleted()) {
            return;
        }
        List<YEvent> alive = new ArrayList<>(events.size());
        for (YEvent event : events) {
            Item item = event.target().item;
            if (item == null || !item.isDeleted()) {
                event.retarget(type);
                alive.add(event);
            }
        }
        alive.sort(Comparator.comparingInt(event -> event.target().depth));
        type.deepListeners().call(List.copyOf(alive), failures);
    }

    private @Nullable YType nearestObserved(YType start) {
        List<YType> climbed = new ArrayList<>();
        YType type = start;
        while (type != null && !nearest.containsKey(type) && !type.hasDeepListeners()) {
            climbed.add(type);
            type = type.parent();
        }
        YType found = type == null || type.hasDeepListeners() ? type : nearest.get(type);
        for (YType below : climbed) {
            nearest.put(below, found);
        }
        return found;
    }
}
