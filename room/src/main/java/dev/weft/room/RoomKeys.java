package dev.weft.room;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The names of things in Redis. Stream and queue are called as y-redis calls them, so that a deployment of it can be taken over; all
 * else lies under the same prefix. {@code enc} is JavaScript's {@code encodeURIComponent}.
 *
 * <table>
 *   <caption>Keys</caption>
 *   <tr><td>{@code <prefix>:room:<enc(room)>:index}</td><td>a room's stream; also the name of its channel</td></tr>
 *   <tr><td>{@code <prefix>:presence:<enc(room)>:index}</td><td>hash, a room's presence</td></tr>
 *   <tr><td>{@code <prefix>:seeding:<enc(room)>:index}</td><td>string that expires, who may seed the room</td></tr>
 *   <tr><td>{@code <prefix>:erased:<enc(room)>:index}</td><td>string that expires, the room was erased: nothing is appended</td></tr>
 *   <tr><td>{@code <prefix>:worker}</td><td>stream of compaction tasks; also the name of its consumer group</td></tr>
 *   <tr><td>{@code <prefix>:quarantine}</td><td>hash, rooms that were set aside</td></tr>
 * </table>
 */
final class RoomKeys {
    private static final String UNRESERVED = "-_.!~*'()";
    private static final String DOCUMENT = ":index";

    private final String roomStart;
    private final String presenceStart;
    private final String seedingStart;
    private final String erasedStart;
    private final String worker;
    private final String quarantine;

    RoomKeys(String prefix) {
        roomStart = prefix + ":room:";
        presenceStart = prefix + ":presence:";
        seedingStart = prefix + ":seeding:";
        erasedStart = prefix + ":erased:";
        worker = prefix + ":worker";
        quarantine = prefix + ":quarantine";
    }

    String stream(RoomName room) {
        return roomStart + encode(room.value()) + DOCUMENT;
    }

    String presence(RoomName room) {
        return presenceStart + encode(room.value()) + DOCUMENT;
    }

    String seeding(RoomName room) {
        return seedingStart + encode(room.value()) + DOCUMENT;
    }

    String erased(RoomName room) {
        return erasedStart + encode(room.value()) + DOCUMENT;
    }

    /** The queue's stream, and its consumer group. */
    String worker() {
        return worker;
    }

    /** The hash of rooms that were set aside. */
    String quarantine() {
        return quarantine;
    }

    /** A pattern that matches every room's stream, for SCAN. */
    String streamPattern() {
        return roomStart.replaceAll("([\\\\*?\\[\\]])", "\\\\$1") + "*" + DOCUMENT;
    }

    /** The room whose stream has this key; empty if {@link #stream} makes this key for no room. */
    Optional<RoomName> roomOf(String streamKey) {
        boolean framed = streamKey.startsWith(roomStart)
                && streamKey.endsWith(DOCUMENT)
                && streamKey.length() > roomStart.length() + DOCUMENT.length();
        if (!framed) {
            return Optional.empty();
        }
        return decode(streamKey.substring(roomStart.length(), streamKey.length() - DOCUMENT.length()))
                .map(RoomName::new)
                .filter(room -> stream(room).equals(streamKey));
    }

    /** JavaScript's encodeURIComponent, which throws on lone surrogates too. */
    static String encode(String text) {
        ByteBuffer bytes;
        try {
            bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a room name with half a surrogate pair has no key", e);
        }
        StringBuilder key = new StringBuilder(bytes.remaining() + 16);
        while (bytes.hasRemaining()) {
            int b = bytes.get() & 0xff;
            boolean plain = (b >= 'a' && b <= 'z')
                    || (b >= 'A' && b <= 'Z')
                    || (b >= '0' && b <= '9')
                    || UNRESERVED.indexOf(b) >= 0;
            if (plain) {
                key.append((char) b);
            } else {
                key.append('%').append(hex(b >> 4)).append(hex(b & 15));
            }
        }
        return key.toString();
    }

    private static char hex(int digit) {
        return Character.toUpperCase(Character.forDigit(digit, 16));
    }

    private static Optional<String> decode(String key) {
        ByteBuffer bytes = ByteBuffer.allocate(key.length());
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c >= 128) {
                return Optional.empty();
            }
            if (c != '%') {
                bytes.put((byte) c);
                continue;
            }
            boolean whole = i + 2 < key.length();
            int high = whole ? Character.digit(key.charAt(i + 1), 16) : -1;
            int low = whole ? Character.digit(key.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                return Optional.empty();
            }
            bytes.put((byte) ((high << 4) | low));
            i += 2;
        }
        try {
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
