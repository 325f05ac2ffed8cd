package dev.weft.server;

import dev.weft.yjs.AwarenessState;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The latest awareness state of each client among those that came: the one with the highest clock, and of two with the same clock the one
 * that says that the client left, or else the first. So whoever gets these knows what all of them would have told. JSON is not read. Not
 * thread-safe.
 */
final class LatestStates {
    /** What a state costs beside its text: id, clock and lengths in a message. */
    private static final int STATE_BYTES = 24;

    private final Map<Long, AwarenessState> states = new LinkedHashMap<>();
    private long bytes;
    private int superseded;

    void addAll(List<AwarenessState> news) {
        for (AwarenessState state : news) {
            AwarenessState known = states.get(state.client());
            boolean wins = known == null
                    || state.clock() > known.clock()
                    || (state.clock() == known.clock() && state.left() && !known.left());
            if (known != null) {
                superseded++;
            }
            if (wins) {
                bytes += size(state) - (known == null ? 0 : size(known));
                states.put(state.client(), state);
            }
        }
    }

    boolean isEmpty() {
        return states.isEmpty();
    }

    /** About how long a message with all of them would be. */
    long bytes() {
        return bytes;
    }

    /** How many states another one took the place of, since the last call. */
    int superseded() {
        int count = superseded;
        superseded = 0;
        return count;
    }

    /** All of them; none is left here. */
    List<AwarenessState> take() {
        return take(Long.MAX_VALUE);
    }

    /** Those that came first, of at most so many bytes, but at least one. */
    List<AwarenessState> take(long maxBytes) {
        List<AwarenessState> taken = new ArrayList<>();
        long size = 0;
        Iterator<AwarenessState> left = states.values().iterator();
        while (left.hasNext()) {
            AwarenessState state = left.next();
            size += size(state);
            if (size > maxBytes && !taken.isEmpty()) {
                break;
            }
            bytes -= size(state);
            taken.add(state);
            left.remove();
        }
        return taken;
    }

    private static int size(AwarenessState state) {
        return state.json().length + STATE_BYTES;
    }
}
