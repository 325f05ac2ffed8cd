package dev.weft.server;

import dev.weft.yjs.MalformedException;
import dev.weft.yjs.Message;
import dev.weft.yjs.Updates;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/**
 * Merges messages that wait for the same clients: all updates into one, all presence into one, and the rest stays as it is. To a client
 * that is the same, because updates may come in any order and presence goes by its clocks; and it is one transaction in place of many.
 */
final class Pile {
    private Pile() {}

    /**
     * One buffer of whole frames with the effect of all; the caller owns it. What cannot be merged comes as it is.
     *
     * @param buffers each one or more whole frames; read and not released
     */
    static ByteBuf merged(ByteBufAllocator allocator, Iterable<ByteBuf> buffers) {
        List<byte[]> messages = new ArrayList<>();
        for (ByteBuf frames : buffers) {
            Frames.payloads(frames, messages);
        }
        return Frames.binary(allocator, merged(messages));
    }

    /**
     * As few messages as have the effect of all.
     *
     * @param messages whole messages that were checked when they came in; not changed
     */
    static List<byte[]> merged(List<byte[]> messages) {
        if (messages.size() < 2) {
            return messages;
        }
        try {
            List<byte[]> updates = new ArrayList<>();
            LatestStates presence = new LatestStates();
            List<byte[]> rest = new ArrayList<>();
            for (byte[] message : messages) {
                switch (Message.decodeTrusted(message)) {
                    case Message.Update update -> updates.add(update.update());
                    case Message.Awareness awareness -> presence.addAll(awareness.states());
                    default -> rest.add(message);
                }
            }
            List<byte[]> result = new ArrayList<>(rest.size() + 2);
            if (!updates.isEmpty()) {
                result.add(Message.updateFrame(updates.size() == 1 ? updates.getFirst() : Updates.merge(updates)));
            }
            if (!presence.isEmpty()) {
                result.add(Message.awarenessFrame(presence.take()));
            }
            result.addAll(rest);
            return result;
        } catch (MalformedException | IllegalStateException e) {
            // An entry of an older writer, or more than fits into an array: the client gets them one by one.
            return messages;
        }
    }
}
