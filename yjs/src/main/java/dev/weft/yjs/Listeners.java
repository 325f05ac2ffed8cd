package dev.weft.yjs;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Those who want to hear of one kind of event, in the order in which they came. */
final class Listeners<E> {
    private List<Consumer<? super E>> listeners = List.of();

    boolean isEmpty() {
        return listeners.isEmpty();
    }

    Subscription add(Consumer<? super E> listener) {
        // A holder of its own, so that one who subscribes twice is called twice and leaves one at a time.
        Consumer<E> entry = listener::accept;
        List<Consumer<? super E>> more = new ArrayList<>(listeners);
        more.add(entry);
        listeners = more;
        return () -> {
            List<Consumer<? super E>> fewer = new ArrayList<>(listeners);
            fewer.remove(entry);
            listeners = fewer;
        };
    }

    /** Calls everybody who is subscribed now, whatever the others throw. */
    void call(E event, Failures failures) {
        for (Consumer<? super E> listener : listeners) {
            failures.catching(() -> listener.accept(event));
        }
    }
}
