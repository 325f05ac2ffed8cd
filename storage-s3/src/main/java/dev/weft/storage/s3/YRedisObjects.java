package dev.weft.storage.s3;

import dev.weft.storage.DocumentId;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.VersionReference;
import dev.weft.storage.YRedisDocuments;
import java.io.EOFException;
import java.util.Optional;

/**
 * The objects in which y-redis kept its documents, in the same bucket: an object a version, which holds an update in encoding V2 and nothing
 * else. They are read like versions of ours, and deleted when they are discarded. A reference to one holds its whole key, because the document
 * may lie under several names.
 */
final class YRedisObjects {
    private static final String PREFIX = "yredis:";

    private YRedisObjects() {}

    static Bucket.Reader<StoredVersion> reader(VersionReference reference) {
        return (in, length) -> {
            byte[] update = in.readNBytes(Math.toIntExact(length));
            if (update.length < length) {
                throw new EOFException("the object ended early");
            }
            return YRedisDocuments.version(reference, update);
        };
    }

    /** The reference of a version by its key. */
    static VersionReference reference(String key) {
        return new VersionReference(PREFIX + key);
    }

    /** The key of a version, if it is one of the document by y-redis. */
    static Optional<String> key(DocumentId document, VersionReference reference) {
        if (!isReference(reference)) {
            return Optional.empty();
        }
        String key = reference.value().substring(PREFIX.length());
        return ObjectKeys.prefixesOfYRedis(document).stream()
                        .anyMatch(prefix -> ObjectKeys.isVersionOfYRedis(prefix, key))
                ? Optional.of(key)
                : Optional.empty();
    }

    static boolean isReference(VersionReference reference) {
        return reference.value().startsWith(PREFIX);
    }
}
