package dev.weft.storage.s3;

import dev.weft.storage.UnreadableVersionException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is known of a document beside its versions: whether it is erased, and in which of its lives it is. Each erasure ends one. A document
 * that was never erased is in its first, and has no object that says so; otherwise the object holds one line, in UTF-8:
 *
 * <pre>
 * WEFT 1 erased 6f1c02a94be3 2026-11-21T14:48:39.123Z
 * WEFT 1 allowed 6f1c02a94be3 2026-11-21T14:48:39.123Z
 * </pre>
 *
 * <p>Versions say in their keys to which life they belong, so that one that was begun before an erasure does not count, whenever its bytes
 * arrive.
 *
 * @param id twelve hexadecimal digits, drawn by the erasure that ended the life before; empty for the first
 * @param erased whether it has not begun, because the document has not been allowed again
 * @param since when the document was erased the last time; {@link Instant#EPOCH} for the first life
 */
record Life(String id, boolean erased, Instant since) {
    static final Life FIRST = new Life("", false, Instant.EPOCH);

    private static final Pattern LINE =
            Pattern.compile("WEFT 1 (?<word>erased|allowed) (?<id>[0-9a-f]{12}) (?<since>\\S{1,40})\\n");

    /**
     * Reads the object.
     *
     * @throws UnreadableVersionException if it is anything else
     */
    static Life read(byte[] object) {
        Matcher line = LINE.matcher(new String(object, StandardCharsets.UTF_8));
        if (!line.matches()) {
            throw new UnreadableVersionException("it is not what this version of Weft writes of an erased document");
        }
        try {
            return new Life(line.group("id"), line.group("word").equals("erased"), Instant.parse(line.group("since")));
        } catch (DateTimeException e) {
            throw new UnreadableVersionException("it holds no time: " + line.group("since"), e);
        }
    }

    /** The object; not for the first life. */
    byte[] write() {
        String word = erased ? "erased" : "allowed";
        return ("WEFT 1 " + word + " " + id + " " + since + "\n").getBytes(StandardCharsets.UTF_8);
    }

    Life allowed() {
        return new Life(id, false, since);
    }

    Optional<Instant> erasedAt() {
        return erased ? Optional.of(since) : Optional.empty();
    }
}
