package dev.weft.storage;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Names a document: a room and a name within the room. Both are Unicode text, of any characters, with at most {@value #MAX_BYTES} bytes
 * each in UTF-8: what every storage can keep as a key.
 *
 * @param room the room as the client calls it
 * @param name the document within the room; {@value #INDEX} for the one that every room has
 */
public record DocumentId(String room, String name) {
    /** The document that a room opens; y-redis calls it the same. */
    public static final String INDEX = "index";

    /** The most bytes that a room, or a name, may have in UTF-8. */
    public static final int MAX_BYTES = 1024;

    /**
     * Checks the names.
     *
     * @throws IllegalArgumentException if one of the two is longer, or is no text (a half of a surrogate pair stands alone), so that it
     *     has no exact form in UTF-8
     */
    public DocumentId {
        check("room", room);
        check("document name", name);
    }

    /** The document that {@code room} opens. */
    public static DocumentId ofRoom(String room) {
        return new DocumentId(room, INDEX);
    }

    private static void check(String what, String text) {
        Objects.requireNonNull(text);
        // A char has one byte at least, so this spares the encoding of what is far too long.
        int bytes = text.length() > MAX_BYTES ? text.length() : utf8Length(what, text);
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException("a " + what + " has at most " + MAX_BYTES + " bytes in UTF-8");
        }
    }

    private static int utf8Length(String what, String text) {
        try {
            return StandardCharsets.UTF_8
                    .newEncoder()
                    .encode(CharBuffer.wrap(text))
                    .remaining();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the " + what + " is no text: a surrogate stands alone", e);
        }
    }
}
