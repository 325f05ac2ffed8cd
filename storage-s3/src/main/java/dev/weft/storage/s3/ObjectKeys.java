package dev.weft.storage.s3;

import dev.weft.storage.DocumentId;
import dev.weft.storage.VersionReference;
import dev.weft.storage.YRedisDocuments;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The keys of objects: {@code <room>/<document>/w1-<version>}, a version being a {@link VersionClock UUID that grows with time}, followed
 * by {@code -<life>} if the document was erased before ({@link Life}). That is said by {@code <room>/<document>/w1-life}, which is listed
 * after all versions.
 *
 * <p>y-redis keeps its versions beside them, as {@code <room>/<document>/<uuid>}, under each of {@linkplain YRedisDocuments#roomNames the
 * names} that it may have for the room: those begin with a hexadecimal digit and so sort before ours, and are never listed with our prefix.
 * {@code <room>} and {@code <document>} are encoded as JavaScript's encodeURIComponent does,
 * which is what y-redis does, with exceptions for what S3, or a store that keeps objects as files, would not take:
 *
 * <ul>
 *   <li>the empty name is {@code =}, {@code .} is {@code %2E} and {@code ..} is {@code %2E%2E};
 *   <li>a name whose code is longer than {@value #LONGEST} characters is cut to its first {@value #KEPT}, followed by {@code =} and the
 *       SHA-256 of the name in hexadecimal digits. The object itself holds the whole name.
 * </ul>
 *
 * <p>No code has a {@code =} otherwise, so different names have different keys; and a key is shorter than the 1,024 bytes that S3
 * allows, each of its parts shorter than the 255 of a file name.
 */
final class ObjectKeys {
    private static final String VERSION_PREFIX = "w1-";
    private static final int LONGEST = 240;
    private static final int KEPT = 150;
    private static final String LIFE = "life";
    private static final int UUID_LENGTH = 36;
    private static final Pattern VERSION =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?:-[0-9a-f]{12})?");
    private static final Pattern VERSION_OF_Y_REDIS =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final int LONGEST_FILE_NAME = 255;

    private ObjectKeys() {}

    /** What the keys of all versions of a document begin with, and no other key. */
    static String prefix(DocumentId document) {
        return folder(document) + VERSION_PREFIX;
    }

    /** What the keys of all versions of a document begin with, and perhaps keys of versions of y-redis. */
    static String folder(DocumentId document) {
        return encode(document.room()) + "/" + encode(document.name()) + "/";
    }

    /**
     * What the keys of all versions that y-redis may have of a document begin with. Keys of ours may begin so, too. Parts that are no names of
     * files are left out, because stores over a file system refuse even to list them.
     */
    static List<String> prefixesOfYRedis(DocumentId document) {
        String name = YRedisDocuments.encodeUriComponent(document.name());
        return YRedisDocuments.roomNames(document.room()).stream()
                .map(YRedisDocuments::encodeUriComponent)
                .filter(room -> isFileName(room) && isFileName(name))
                .map(room -> room + "/" + name + "/")
                .toList();
    }

    private static boolean isFileName(String part) {
        return !part.isEmpty() && !part.equals(".") && !part.equals("..") && part.length() <= LONGEST_FILE_NAME;
    }

    /** Whether a key is that of a version of y-redis with {@linkplain #prefixesOfYRedis such a prefix}. */
    static boolean isVersionOfYRedis(String prefix, String key) {
        return key.startsWith(prefix)
                && VERSION_OF_Y_REDIS.matcher(key.substring(prefix.length())).matches();
    }

    /** Whether a reference can be one of this storage. */
    static boolean isVersion(VersionReference reference) {
        return VERSION.matcher(reference.value()).matches();
    }

    /** The key of what is known of a document that was erased. */
    static String life(DocumentId document) {
        return prefix(document) + LIFE;
    }

    /** Calls a version of a document in that life. */
    static VersionReference version(UUID uuid, Life life) {
        return new VersionReference(life.id().isEmpty() ? uuid.toString() : uuid + "-" + life.id());
    }

    /** The {@link Life#id} of the life in which a {@linkplain #isVersion version} was stored. */
    static String life(VersionReference version) {
        String value = version.value();
        return value.length() == UUID_LENGTH ? "" : value.substring(UUID_LENGTH + 1);
    }

    static UUID uuid(VersionReference version) {
        return UUID.fromString(version.value().substring(0, UUID_LENGTH));
    }

    private static String encode(String name) {
        return switch (name) {
            case "" -> "=";
            case "." -> "%2E";
            case ".." -> "%2E%2E";
            default -> {
                String code = YRedisDocuments.encodeUriComponent(name);
                yield code.length() <= LONGEST ? code : code.substring(0, KEPT) + "=" + sha256(name);
            }
        };
    }

    private static String sha256(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
