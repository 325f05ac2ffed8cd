package dev.weft.storage;

import dev.weft.yjs.MalformedException;
import dev.weft.yjs.Updates;
import dev.weft.yjs.UpdatesV2;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is known of documents that y-redis stored: under which names, and in which form. A storage that y-redis had, too, reads them with its
 * own versions, and deletes them when they are discarded, which is after a version of ours that contains them was stored.
 *
 * <p>y-redis took the first segment of the request's path for the room's name as it came, without decoding it. So one room of ours may lie
 * under several names, by how its users' clients escaped it. A version is an update in encoding V2.
 */
public final class YRedisDocuments {
    /** Far beyond what a server can serve; V2 is coded by run lengths, so a few bytes might claim more. */
    private static final int MAX_BYTES = 1 << 30;

    private static final Pattern ESCAPE = Pattern.compile("%[0-9A-Fa-f]{2}");
    /** What the parser of addresses in browsers escapes in a path, beside controls and what is not ASCII. */
    private static final String ESCAPED_IN_PATHS = " \"#<>?`{}";

    private static final String NEVER_ESCAPED =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private YRedisDocuments() {}

    /**
     * The names under which y-redis may have kept a room: as it is, as a browser escapes it in an address, and as {@code encodeURIComponent}
     * does. Without repetition: for most rooms there is just one. A name that reads as another room's escaped name is none of them.
     */
    public static List<String> roomNames(String room) {
        Set<String> names = new LinkedHashSet<>();
        if (!ESCAPE.matcher(room).find()) {
            names.add(room);
        }
        names.add(escapedInPath(room));
        names.add(encodeUriComponent(room));
        return List.copyOf(names);
    }

    /**
     * The room whose {@link #roomNames} have this name: the other way round. Empty if there is none, because no client's address is escaped
     * like that: {@code %ff}, {@code a%20b c}, {@code %c3%bc}.
     */
    public static Optional<String> roomOf(String name) {
        Optional<String> room = ESCAPE.matcher(name).find() ? decodeUriComponent(name) : Optional.of(name);
        return room.filter(text -> roomNames(text).contains(name));
    }

    /** What {@link #encodeUriComponent}, or another escaping, has encoded; a percent sign that begins no escape stands for itself. */
    public static Optional<String> decodeUriComponent(String code) {
        ByteBuffer bytes = ByteBuffer.allocate(code.length() * 3);
        Matcher escape = ESCAPE.matcher(code);
        int plain = 0;
        while (escape.find()) {
            bytes.put(code.substring(plain, escape.start()).getBytes(StandardCharsets.UTF_8));
            bytes.put((byte) HexFormat.fromHexDigits(code, escape.start() + 1, escape.end()));
            plain = escape.end();
        }
        bytes.put(code.substring(plain).getBytes(StandardCharsets.UTF_8));
        try {
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /**
     * A version of ours that has what a version of y-redis has.
     *
     * @param reference names it for {@link DocumentStorage#discard}
     * @param update in encoding V2, as it was stored
     * @throws UnreadableVersionException if it is malformed
     */
    public static StoredVersion version(VersionReference reference, byte[] update) {
        try {
            byte[] converted = UpdatesV2.toV1(update, MAX_BYTES);
            return new StoredVersion(reference, converted, Updates.stateVector(converted));
        } catch (MalformedException e) {
            throw new UnreadableVersionException(
                    "the version " + reference.value() + " of y-redis is no update in encoding V2: " + e.getMessage(),
                    e);
        }
    }

    /** As JavaScript's function of that name does. */
    public static String encodeUriComponent(String name) {
        return escaped(name, NEVER_ESCAPED, true);
    }

    private static String escapedInPath(String room) {
        // What would read as an escape must have been escaped itself, or it would have been decoded here.
        return escaped(room, "", ESCAPE.matcher(room).find());
    }

    private static String escaped(String name, String plain, boolean percent) {
        StringBuilder code = new StringBuilder(name.length() + 16);
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            boolean isPlain = plain.isEmpty()
                    ? b > 0x1f && b < 0x7f && ESCAPED_IN_PATHS.indexOf(b) < 0 && !(percent && b == '%')
                    : b > 0 && plain.indexOf(b) >= 0;
            if (isPlain) {
                code.append((char) b);
            } else {
                HEX.toHexDigits(code.append('%'), b);
            }
        }
        return code.toString();
    }
}
