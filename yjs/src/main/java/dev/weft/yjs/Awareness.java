package dev.weft.yjs;

import java.time.Duration;
import java.time.Instant;
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
 * <p>Clients renew their states every 15 seconds. Who lost the connection without a word is found by {@link #expire}, which the caller
 * calls now and then.
 *
 * <p>Not thread-safe.
 */
public final class Awareness {
    /** How long a state lasts that is not renewed: 30 seconds, as in y-protocols. */
    public static final Duration LIFETIME = Duration.ofSeconds(30);

    private final int maxClients;
    private final LinkedHashMap<Long, Presence> present = new LinkedHashMap<>();
    /** The last clocks of clients who left, those who left first in front. */
    private final LinkedHashMap<Long, Long> left = new LinkedHashMap<>();

    /** A state and when it came, or {@link Instant#MAX}. */
    private record Presence(AwarenessState state, Instant since) {}

    /** @param maxClients how many clients to remember at most, at least 1 */
    public Awareness(int maxClients) {
        if (maxClients < 1) {
            throw new IllegalArgumentException("at least one client must be remembered");
        }
        this.maxClients = maxClients;
    }

    /**
     * Takes in states from anywhere. They never expire.
     *
     * @return those that were news to somebody who sees the states: what to pass on
     */
    public List<AwarenessState> apply(List<AwarenessState> states) {
        return apply(states, Instant.MAX);
    }

    /**
     * Takes in states from anywhere.
     *
     * @param now when they came, for {@link #expire}
     * @return those that were news to somebody who sees the states: what to pass on
     */
    public List<AwarenessState> apply(List<AwarenessState> states, Instant now) {
        List<AwarenessState> news = new ArrayList<>();
        for (AwarenessState state : states) {
            if (apply(state, now)) {
                news.add(state);
            }
        }
        return news;
    }

    private boolean apply(AwarenessState state, Instant now) {
        Presence known = present.get(state.client());
        Long clockWhenLeft = left.get(state.client());
        boolean isNewClient = known == null && clockWhenLeft == null;
        long clock = known != null ? known.state().clock() : clockWhenLeft != null ? clockWhenLeft : 0;
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
            present.put(state.client(), new Presence(state, now));
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
            Presence presence = present.remove(client);
            if (presence != null) {
                long clock = presence.state().clock();
                left.put(client, clock);
                gone.add(AwarenessState.gone(client, clock));
            }
        }
        return gone;
    }

    /**
     * Marks clients as gone whose states came {@link #LIFETIME} ago or earlier and were not renewed by newer ones.
     *
     * @return the states that say so, as {@link #leave} returns them
     */
    public List<AwarenessState> expire(Instant now) {
        Instant last = now.minus(LIFETIME);
        List<Long> expired = new ArrayList<>();
        present.forEach((client, presence) -> {
            if (!presence.since().isAfter(last)) {
                expired.add(client);
            }
        });
        return leave(expired);
    }

    /** The states of all who are here. A new list at each call. */
    public List<AwarenessState> states() {
        List<AwarenessState> states = new ArrayList<>(present.size());
        present.values().forEach(presence -> states.add(presence.state()));
        return states;
    }

    /**
     * What is known of chosen clients, in their order: the states of those who are here, and of those who left that they did. Who is not
     * known is left out. A new list at each call.
     */
    public List<AwarenessState> states(Collection<Long> clients) {
        List<AwarenessState> states = new ArrayList<>();
        for (Long client : clients) {
            Presence presence = present.get(client);
            Long clockWhenLeft = left.get(client);
            if (presence != null) {
                states.add(presence.state());
            } else if (clockWhenLeft != null) {
                states.add(AwarenessState.gone(client, clockWhenLeft));
            }
        }
        return states;
    }
}
