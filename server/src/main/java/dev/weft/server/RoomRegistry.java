package dev.weft.server;

import dev.weft.room.RoomName;
import io.netty.channel.EventLoop;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
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
            room.holders.incrementAndGet();
            return room;
        });
        entered.open();
        return entered;
    }

    /**
     * The event loop that best serves one who is about to enter: while a room is small, its home. Then nobody else has to be woken for a message on its way
     * to Redis and back, and Redis answers and publishes it in one write. A large room is spread, for the sake of its fan-out.
     *
     * @param current the one that serves the connection now
     */
    EventLoop placeFor(RoomName name, EventLoop current) {
        Room room = rooms.get(name);
        return room == null || room.holders.get() >= TOGETHER ? current : room.home();
    }

    /** Called on the room's home. */
    void leave(Room room) {
        rooms.compute(room.name(), (key, current) -> {
            room.holders.decrementAndGet();
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
