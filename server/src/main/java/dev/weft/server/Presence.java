package dev.weft.server;

import dev.weft.yjs.AwarenessState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known in a room of its clients' awareness clocks: enough to drop what is no news before it reaches Redis, since stock clients send
 * on every state that they receive, and to tell the room that a client has left when the connection that brought its news has gone.
 *
 * <p>News is what {@code applyAwarenessUpdate} of y-protocols takes (as {@link dev.weft.yjs.Awareness} does): a newer clock, where an unknown
 * client counts as clock 0, or at the same clock that a client has left who is here. States themselves are not kept: they would make the
 * memory that a room costs depend on what its clients write into them. Confined to the room's home.
 */
final class Presence {
    /** Client ids that one connection may bring news of; a stock client brings its own, and those of the browser's other tabs. */
    static final int MAX_OWNED = 64;
    /** Client ids remembered in a room; beyond them those who were silent longest are forgotten. */
    static final int MAX_KNOWN = 10_000;

    private static final byte[] LEFT = "null".getBytes(StandardCharsets.UTF_8);
    private static final int TRIED_TO_FORGET = 8;

    private final Map<Long, Known> known = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Connection, Set<Long>> owned = new HashMap<>();

    /**
     * Sorts what a connection brought.
     *
     * @return news, to be published, and corrections, to be sent back
     */
    Brought brought(Connection connection, List<AwarenessState> states) {
        List<AwarenessState> news = new ArrayList<>();
        List<AwarenessState> corrections = new ArrayList<>();
        for (AwarenessState state : states) {
            Known before = known.get(state.client());
            if (!isNews(before, state)) {
                if (before != null && before.left && !state.left()) {
                    corrections.add(new AwarenessState(state.client(), before.clock, LEFT));
                }
            } else if (own(connection, before, state)) {
                remember(state, state.left() ? null : connection);
                news.add(state);
            }
        }
        return new Brought(news, corrections);
    }

    /**
     * Takes note of what came from Redis. What is still news then came through another node, and a client that has a connection there is
     * not gone when its old one here ends.
     */
    void seen(List<AwarenessState> states) {
        for (AwarenessState state : states) {
            Known before = known.get(state.client());
            if (isNews(before, state)) {
                if (before != null && before.owner != null) {
                    disown(before.owner, state.client());
                }
                remember(state, null);
            }
        }
    }

    /** What is to be published when a connection goes: that those have left who were there through it. */
    List<AwarenessState> leave(Connection connection) {
        Set<Long> clients = owned.remove(connection);
        if (clients == null) {
            return List.of();
        }
        List<AwarenessState> left = new ArrayList<>(clients.size());
        for (Long client : clients) {
            Known state = known.get(client);
            if (state != null && state.owner == connection) {
                state.owner = null;
                state.left = true;
                left.add(new AwarenessState(client, state.clock, LEFT));
            }
        }
        return left;
    }

    private static boolean isNews(@Nullable Known before, AwarenessState state) {
        long clock = before == null ? 0 : before.clock;
        boolean here = before != null && !before.left;
        return state.clock() > clock || (state.clock() == clock && state.left() && here);
    }

    private boolean own(Connection connection, @Nullable Known before, AwarenessState state) {
        Connection owner = before == null ? null : before.owner;
        Set<Long> mine = owned.computeIfAbsent(connection, key -> new HashSet<>());
        if (state.left()) {
            if (owner != null) {
                disown(owner, state.client());
            }
            return true;
        }
        if (!mine.contains(state.client()) && mine.size() >= MAX_OWNED) {
            return false;
        }
        // The newest connection counts: a client that reconnects may be faster than the end of its old connection.
        if (owner != null && owner != connection) {
            disown(owner, state.client());
        }
        mine.add(state.client());
        return true;
    }

    private void disown(Connection owner, long client) {
        Set<Long> clients = owned.get(owner);
        if (clients != null) {
            clients.remove(client);
        }
    }

    private void remember(AwarenessState state, @Nullable Connection owner) {
        known.put(state.client(), new Known(state.clock(), state.left(), owner));
        Iterator<Known> eldest = known.values().iterator();
        for (int i = 0; known.size() > MAX_KNOWN && i < TRIED_TO_FORGET && eldest.hasNext(); i++) {
            if (eldest.next().owner == null) {
                eldest.remove();
            }
        }
    }

    /**
     * @param news to be published
     * @param corrections that clients have left, for one who brought an old state of them. A client that gets this about itself answers
     *     with a newer clock; so one who reconnects after its leave was published is seen again at once
     */
    record Brought(List<AwarenessState> news, List<AwarenessState> corrections) {}

    private static final class Known {
        private final long clock;
        private boolean left;
        /** Who brought the news of it on this node; null if another node did, or it has left. */
        private @Nullable Connection owner;

        private Known(long clock, boolean left, @Nullable Connection owner) {
            this.clock = clock;
            this.left = left;
            this.owner = owner;
        }
    }
}
