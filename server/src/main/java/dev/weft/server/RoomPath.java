package dev.weft.server;

import dev.weft.room.RoomName;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the room's name from a request's target: everything after the first slash and before the query, percent-decoded once as UTF-8.
 *
 * <p>Stock clients paste the room's name into the address as it is, so slashes belong to the name, and a {@code %} that begins no escape
 * stands for itself. Bytes above 127 that were not escaped count as they came.
 */
final class RoomPath {
    /** Longest name, in bytes of UTF-8. */
    static final int MAX_BYTES = 512;

    private RoomPath() {}

    /** @param target the request target as Netty gives it: one char for each byte of the request line */
    static RoomName roomName(String target) throws Refusal {
        if (target.isEmpty() || target.charAt(0) != '/') {
            throw new Refusal(Refusal.Kind.BAD_REQUEST, "the address has no path");
        }
        int query = target.indexOf('?');
        int end = query < 0 ? target.length() : query;
        byte[] bytes = new byte[Math.min(end, MAX_BYTES + 1)];
        int length = 0;
        for (int i = 1; i < end; length++) {
            if (length == MAX_BYTES) {
                throw new Refusal(Refusal.Kind.TOO_LONG, "a room name has at most " + MAX_BYTES + " bytes of UTF-8");
            }
            char c = target.charAt(i);
            int escaped = c == '%' ? escaped(target, i, end) : -1;
            bytes[length] = (byte) (escaped >= 0 ? escaped : c);
            i += escaped >= 0 ? 3 : 1;
        }
        if (length == 0) {
            throw new Refusal(Refusal.Kind.BAD_REQUEST, "no room: the address is ws://host/<room>");
        }
        try {
            return new RoomName(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new Refusal(Refusal.Kind.BAD_REQUEST, "the room name is not valid UTF-8");
        }
    }

    /** The byte that the escape at {@code i} stands for, or -1 if there is none. */
    private static int escaped(String target, int i, int end) {
        if (i + 2 >= end) {
            return -1;
        }
        int high = Character.digit(target.charAt(i + 1), 16);
        int low = Character.digit(target.charAt(i + 2), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }
}
