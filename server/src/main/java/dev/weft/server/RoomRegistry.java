package dev.weft.server;

import dev.weft.room.RoomName;
import io.netty.channel.EventLoop;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The rooms that have someone in them on this node. Thread-safe.
 *
 * <p>A room is taken out and its subscription is ended in one atomic step; so the room that follows it under the same name is subscribed
 * after that, and whoever takes a place in a room finds it subscribed or about to be.
 */
final class RoomRegistry {
    /** So many connections of a room are served by one event loop. */
    private static final int TOGETHER = 8;

    private final ConcurrentMap<RoomName, Room> rooms = new ConcurrentHashMap<>();
    private final Node node;

    RoomRegistry(Node node) {
        this.node = node;
    }

    /**
     * Takes a place in a room; it is given back with {@link #leave}.
     *
     * @param home where the room lives if it does not exist yet
     */
    Room enter(RoomName name, EventLoop home) {
        Room entered = rooms.compute(name, (key, existing) -> {
            Room room = existing;
            if (room == null) {
                room = new Room(name, home, node, this);
                node.metrics().rooms().incrementAndGet();
            }
            room.holders++;
            return room;
        });
        entered.open();
        return entered;
    }

    /**
     * The room to whose home a connection should be moved before it enters: one that is small. Then nobody else has to be woken for a message on its way to
     * Redis and back, and Redis answers and publishes it in one write. A large room is spread, for the sake of its fan-out.
     *
     * @param current the event loop that serves the connection now
     * @return null if it should stay there; else {@link #arrived} has to follow
     */
    @Nullable
    Room toMoveTo(RoomName name, EventLoop current) {
        AtomicReference<@Nullable Room> small = new AtomicReference<>();
        rooms.computeIfPresent(name, (key, room) -> {
            if (!room.home().equals(current) && room.holders + room.arriving < TOGETHER) {
                room.arriving++;
                small.set(room);
            }
            return room;
        });
        return small.get();
    }

    /** A connection that was to be moved to a room's home has entered there, or was lost. */
    void arrived(Room room) {
        rooms.compute(room.name(), (key, current) -> {
            room.arriving--;
            return current;
        });
    }

    /** Called on the room's home. */
    void leave(Room room) {
        rooms.compute(room.name(), (key, current) -> {
            room.holders--;
            return endedIfEmpty(room, current);
        });
    }

    /** Called on the room's home. */
    void endIfEmpty(Room room) {
        rooms.compute(room.name(), (key, current) -> endedIfEmpty(room, current));
    }

    /** Takes a room out whoever is in it. Called on the room's home. */
    void remove(Room room) {
        rooms.compute(room.name(), (key, current) -> ended(room, current));
    }

    private @Nullable Room endedIfEmpty(Room room, @Nullable Room current) {
        return room.mayEnd() ? ended(room, current) : current;
    }

    private @Nullable Room ended(Room room, @Nullable Room current) {
        room.end();
        if (current != room) {
            return current;
        }
        node.metrics().rooms().decrementAndGet();
        return null;
    }
}
