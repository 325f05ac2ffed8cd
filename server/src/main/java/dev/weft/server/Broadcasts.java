package dev.weft.server;

import dev.weft.yjs.AwarenessState;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * What goes to everyone in a room. Messages leave at once if the room was quiet for {@code FAN_OUT_INTERVAL} (presence: for half of the room's
 * {@linkplain ServerSettings.Rates#presenceNanos presence interval}); others are gathered until that time is over and leave together, in one
 * buffer that all connections share: one write to each socket, however many messages there are. Presence that says that someone left
 * waits no longer than an update does. What was gathered is merged, as far as that is a matter of microseconds. Confined to the room's home.
 */
final class Broadcasts {
    /** Merging takes some 10 µs for a kilobyte of updates, once for the whole room. */
    private static final int UPDATES_MERGED = 8 << 10;
    /** Presence is merged by its clocks alone, which costs little more than a copy. */
    private static final int PRESENCE_MERGED = 256 << 10;

    private final Node node;
    private final Consumer<List<byte[]>> everyone;
    private final AtomicLong inTransit;
    private final Pace updatesPace;
    private final Pace presencePace;
    private final Gathered updates = new Gathered();
    private final Gathered presence = new Gathered();
    private boolean someoneLeft;

    /**
     * @param everyone is given the messages that leave
     * @param inTransit the room's bytes on the way from Redis to sockets, those included that are given here
     * @param departure called when it is time for {@link #leave}
     */
    Broadcasts(EventLoop home, Node node, Consumer<List<byte[]>> everyone, AtomicLong inTransit, Runnable departure) {
        this.node = node;
        this.everyone = everyone;
        this.inTransit = inTransit;
        updatesPace = new Pace(home, node.clock(), departure);
        presencePace = new Pace(home, node.clock(), departure);
    }

    /** @param message whole, {@code 00 02 vb(update)} */
    void update(byte[] message) {
        updates.add(message);
    }

    /** @param message whole, {@code 01 vb(states)} */
    void presence(byte[] message, List<AwarenessState> states) {
        presence.add(message);
        someoneLeft = someoneLeft || states.stream().anyMatch(AwarenessState::left);
    }

    /** To be called when all that came in one moment has been given here: calls the departure at once, or in time. */
    void settle(int connections) {
        long updateInterval = node.rates().fanOutNanos();
        if (!updates.isEmpty()) {
            updatesPace.due(updateInterval);
        }
        if (!presence.isEmpty()) {
            long interval = node.rates().presenceNanos(connections) / 2;
            presencePace.due(someoneLeft ? node.rates().departureNanos(connections) : interval);
        }
    }

    /** Whether updates have gathered, and will leave at their time. */
    boolean isGatheringUpdates() {
        return updatesPace.isWaiting();
    }

    /** The departure: everything leaves. Presence goes along with updates, because that costs no further write. */
    void leave() {
        long bytes = updates.bytes + presence.bytes;
        List<byte[]> messages = new ArrayList<>(updates.messages.size() + presence.messages.size());
        if (!updates.isEmpty()) {
            updatesPace.departed();
            messages.addAll(updates.take(UPDATES_MERGED));
        }
        if (!presence.isEmpty()) {
            presencePace.departed();
            messages.addAll(presence.take(PRESENCE_MERGED));
            someoneLeft = false;
        }
        if (!messages.isEmpty()) {
            node.metrics().broadcast();
            everyone.accept(messages);
        }
        inTransit.addAndGet(-bytes);
    }

    private static final class Gathered {
        private final List<byte[]> messages = new ArrayList<>(1);
        private long bytes;

        private void add(byte[] message) {
            messages.add(message);
            bytes += message.length;
        }

        private boolean isEmpty() {
            return messages.isEmpty();
        }

        private List<byte[]> take(int mergedBytes) {
            List<byte[]> taken = bytes <= mergedBytes ? Pile.merged(messages) : messages;
            List<byte[]> result = List.copyOf(taken);
            messages.clear();
            bytes = 0;
            return result;
        }
    }
}
