package dev.weft.yjs;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Reads and writes the frames that {@link Message} lists. */
final class MessageCodec {
    static final byte SYNC = 0;
    static final byte AWARENESS = 1;
    static final byte AUTH = 2;
    static final byte QUERY_AWARENESS = 3;

    static final byte STEP_1 = 0;
    static final byte STEP_2 = 1;
    static final byte UPDATE = 2;

    static final byte PERMISSION_DENIED = 0;

    private MessageCodec() {}

    static Message decode(byte[] frame) {
        return decode(frame, Input.checking(frame, 0, frame.length));
    }

    static Message decodeTrusted(byte[] frame) {
        return decode(frame, Input.trusting(frame));
    }

    private static Message decode(byte[] frame, Input in) {
        long type = in.varUint();
        if (type == QUERY_AWARENESS) {
            return new Message.QueryAwareness();
        }
        Message message;
        if (type == SYNC) {
            message = decodeSync(frame, in);
        } else if (type == AWARENESS) {
            int length = in.byteLength();
            int from = in.position();
            in.skip(length);
            message = new Message.Awareness(AwarenessUpdates.decode(frame, in.within(from, from + length)));
        } else if (type == AUTH) {
            message = decodeAuth(frame, in);
        } else {
            throw new MalformedException(0, "a known type of message was expected, not " + type);
        }
        in.expectEnd();
        return message;
    }

    private static Message decodeSync(byte[] frame, Input in) {
        int at = in.position();
        long type = in.varUint();
        if (type > UPDATE) {
            throw new MalformedException(at, "a known type of sync message was expected, not " + type);
        }
        int length = in.byteLength();
        int from = in.position();
        in.skip(length);
        if (type == STEP_1) {
            return new Message.SyncStep1(StateVector.decode(frame, from, from + length));
        }
        boolean readable = !in.checksText() || Updates.checkOrder(frame, from, from + length);
        byte[] update = Arrays.copyOfRange(frame, from, from + length);
        if (!readable) {
            update = Updates.merge(List.of(update)); // Of two blocks for one client, those who get this would read one.
        }
        return type == STEP_2 ? new Message.SyncStep2(update) : new Message.Update(update);
    }

    private static Message decodeAuth(byte[] frame, Input in) {
        int at = in.position();
        long type = in.varUint();
        if (type != PERMISSION_DENIED) {
            throw new MalformedException(at, "a known type of auth message was expected, not " + type);
        }
        int start = in.position();
        in.skipString();
        in.rewind(start);
        int length = in.byteLength();
        int from = in.position();
        in.skip(length);
        return new Message.PermissionDenied(new String(frame, from, length, StandardCharsets.UTF_8));
    }

    static byte[] sync(byte type, byte[] payload) {
        Output out = new Output(2 + Output.varUintSize(payload.length) + payload.length);
        return out.uint8(SYNC).uint8(type).buffer(payload).toByteArray();
    }

    static byte[] awareness(List<AwarenessState> states) {
        int length = AwarenessUpdates.size(states);
        Output out = new Output(1 + Output.varUintSize(length) + length);
        out.uint8(AWARENESS).varUint(length);
        AwarenessUpdates.write(out, states);
        return out.toByteArray();
    }

    static byte[] permissionDenied(String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        Output out = new Output(2 + Output.varUintSize(text.length) + text.length);
        return out.uint8(AUTH).uint8(PERMISSION_DENIED).buffer(text).toByteArray();
    }
}
