package dev.weft.yjs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * Who is here: the latest awareness state of each client, merged by clock as y-protocols does
 * ({@code applyAwarenessUpdate}). A state is news if its clock is newer than the client's last one, or if it has the same
 * clock and says that a client left who is here. A client that is not known counts as clock 0, so a first state with clock 0
 * is no news, as in y-protocols.
 *
 * <p>The clocks of clients who left are remembered, so that late states do not bring them back. At most a given number of
 * clients is remembered: beyond it, those who left first are forgotten, and if nobody left, further clients are ignored.
 *
 * <p>Not thread-safe.
 */
public final class Awareness {
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private final int maxClients;
    private final LinkedHashMap<Long, AwarenessState> present = new LinkedHashMap<>();
    /** The last clocks of clients who left, those who left first in front. */
    private final LinkedHashMap<Long, Long> left = new LinkedHashMap<>();

    /** @param maxClients how many clients to remember at most, at least 1 */
    public Awareness(int maxClients) {
        if (maxClients < 1) {
            throw new IllegalArgumentException("at least one client must be remembered");
        }
        this.maxClients = maxClients;
    }

    /**
     * Takes in states from anywhere.
     *
     * @return those that were news to somebody who sees the states: what to pass on
     */
    public List<AwarenessState> apply(List<AwarenessState> states) {
        List<AwarenessState> news = new ArrayList<>();
        for (AwarenessState state : states) {
            if (apply(state)) {
                news.add(state);
            }
        }
        return news;
    }

    private boolean apply(AwarenessState state) {
        AwarenessState known = present.get(state.client());
        Long clockWhenLeft = left.get(state.client());
        boolean isNewClient = known == null && clockWhenLeft == null;
        long clock = known != null ? known.clock() : clockWhenLeft != null ? clockWhenLeft : 0;
        boolean leaves = state.left();
        boolean wins = state.clock() > clock || (state.clock() == clock && leaves && known != null);
        if (!wins || (isNewClient && !makeRoom())) {
            return false;
        }
        present.remove(state.client());
        left.remove(state.client());
        if (leaves) {
            left.put(state.client(), state.clock());
        } else {
            present.put(state.client(), state);
        }
        return !(isNewClient && leaves);
    }

    private boolean makeRoom() {
        if (present.size() + left.size() < maxClients) {
            return true;
        }
        return left.pollFirstEntry() != null;
    }

    /**
     * Marks clients as gone whose connection ended.
     *
     * @return for each that was here the state that says so, to pass on: JSON {@code null} at the clock of its last state
     */
    public List<AwarenessState> leave(Collection<Long> clients) {
        List<AwarenessState> gone = new ArrayList<>();
        for (Long client : clients) {
            AwarenessState state = present.remove(client);
            if (state != null) {
                left.put(client, state.clock());
                gone.add(new AwarenessState(client, state.clock(), NULL.clone()));
            }
        }
        return gone;
    }

    /** The states of all who are here. A new list at each call. */
    public List<AwarenessState> states() {
        return new ArrayList<>(present.values());
    }
}
