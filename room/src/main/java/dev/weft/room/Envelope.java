package dev.weft.room;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the scripts publish on a room's channel.
 *
 * <pre>
 * 01, length of id (1 byte), id as text, message    an entry, whole
 * 02, length of id (1 byte), id as text             an entry that is large: to be read from the stream
 * 03, message                                       presence that changed
 * 04                                                the room was erased
 * </pre>
 */
sealed interface Envelope {
    /** An entry. The array is the receiver's. */
    record Whole(EntryId id, byte[] message) implements Envelope {}

    /** The id of an entry. */
    record Announced(EntryId id) implements Envelope {}

    /** An awareness message. The array is the receiver's. */
    record Presence(byte[] message) implements Envelope {}

    /** The room was erased. */
    record Erased() implements Envelope {}

    /** Throws {@link IllegalArgumentException} if the bytes are none of these. */
    static Envelope decode(byte[] bytes) {
        int kind = bytes.length == 0 ? 0 : bytes[0];
        if (kind == 3) {
            return new Presence(Arrays.copyOfRange(bytes, 1, bytes.length));
        }
        if (kind == 4 && bytes.length == 1) {
            return new Erased();
        }
        int end = bytes.length < 2 ? 0 : 2 + (bytes[1] & 0xff);
        if ((kind != 1 && kind != 2) || end == 0 || end > bytes.length) {
            throw new IllegalArgumentException("not an envelope: " + bytes.length + " bytes of kind " + kind);
        }
        EntryId id = EntryId.parse(new String(bytes, 2, end - 2, StandardCharsets.ISO_8859_1));
        return kind == 1 ? new Whole(id, Arrays.copyOfRange(bytes, end, bytes.length)) : new Announced(id);
    }
}
