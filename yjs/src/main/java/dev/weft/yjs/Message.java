package dev.weft.yjs;

import java.util.List;

/**
 * A message between y-websocket clients and servers: one WebSocket frame (y-protocols {@code sync.js}, {@code auth.js},
 * {@code awareness.js}; y-websocket).
 *
 * <pre>
 *   sync step 1         00 00 buffer(state vector)     "this is what I have"
 *   sync step 2         00 01 buffer(update V1)        "this is what you lack"
 *   update              00 02 buffer(update V1)
 *   awareness           01 buffer(varUint n, n × (varUint client, varUint clock, string JSON))
 *   permission denied   02 00 string(reason)
 *   query awareness     03                             one client appends a body, which is ignored
 * </pre>
 */
public sealed interface Message {
    /** What the sender has; it asks for the rest. */
    record SyncStep1(StateVector stateVector) implements Message {}

    /**
     * The answer to a step 1.
     *
     * @param update in encoding V1, checked; owned by this record, not to be changed
     */
    record SyncStep2(byte[] update) implements Message {}

    /**
     * A change of the document.
     *
     * @param update in encoding V1, checked; owned by this record, not to be changed
     */
    record Update(byte[] update) implements Message {}

    /** News of who is here. */
    record Awareness(List<AwarenessState> states) implements Message {
        /** Copies the list. */
        public Awareness {
            states = List.copyOf(states);
        }
    }

    /** The server refuses; stock clients log the reason and stay. */
    record PermissionDenied(String reason) implements Message {}

    /** The sender asks for all awareness states. */
    record QueryAwareness() implements Message {}

    /**
     * Decodes a whole frame and checks it to its last byte, updates included ({@link Updates#check}). An update whose clients are not in
     * descending order comes merged, since it may have two blocks for one client, of which Yjs reads one.
     *
     * @throws MalformedException if the frame is anything else; its offset counts from the start of the frame
     */
    static Message decode(byte[] frame) {
        return MessageCodec.decode(frame);
    }

    /**
     * Decodes a whole frame that {@link #decode} has passed before, such as one that was stored since: updates and text are not looked into
     * again, so it costs little more than a copy.
     *
     * @throws MalformedException if the frame's lengths do not fit; whatever else is wrong goes unnoticed
     */
    static Message decodeTrusted(byte[] frame) {
        return MessageCodec.decodeTrusted(frame);
    }

    /** The frame of this message. A new array at each call. */
    default byte[] encode() {
        return switch (this) {
            case SyncStep1 message -> syncStep1Frame(message.stateVector());
            case SyncStep2 message -> syncStep2Frame(message.update());
            case Update message -> updateFrame(message.update());
            case Awareness message -> awarenessFrame(message.states());
            case PermissionDenied message -> MessageCodec.permissionDenied(message.reason());
            case QueryAwareness ignored -> new byte[] {MessageCodec.QUERY_AWARENESS};
        };
    }

    /** The frame of a sync step 1. */
    static byte[] syncStep1Frame(StateVector stateVector) {
        return MessageCodec.sync(MessageCodec.STEP_1, stateVector.encode());
    }

    /** The frame of a sync step 2 with an update in encoding V1, which is copied once and not checked. */
    static byte[] syncStep2Frame(byte[] update) {
        return MessageCodec.sync(MessageCodec.STEP_2, update);
    }

    /** The frame of an update in encoding V1, which is copied once and not checked. */
    static byte[] updateFrame(byte[] update) {
        return MessageCodec.sync(MessageCodec.UPDATE, update);
    }

    /** The frame of awareness states. */
    static byte[] awarenessFrame(List<AwarenessState> states) {
        return MessageCodec.awareness(states);
    }
}
