package dev.weft.storage.s3;

import dev.weft.storage.DocumentId;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.VersionReference;
import dev.weft.storage.YRedisArchive;
import dev.weft.storage.YRedisDocuments;
import java.io.EOFException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The objects in which y-redis kept its documents, in the same bucket: an object a version, which holds an update in encoding V2 and nothing
 * else. They are read like versions of ours, and deleted when they are discarded. A reference to one holds its whole key, because the document
 * may lie under several names.
 */
final class YRedisObjects {
    private static final String PREFIX = "yredis:";
    private static final Pattern FOLDER = Pattern.compile("(?<room>[^/]+)/(?<document>[^/]+)/");

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

    /**
     * The documents of y-redis among all objects of a bucket.
     *
     * @param objects in the order of keys; read as the result is
     */
    static Iterator<YRedisArchive.Left> left(Iterator<Bucket.Listed> objects) {
        return new Iterator<>() {
            private Optional<Bucket.Listed> first = nextOfYRedis();

            private Optional<Bucket.Listed> nextOfYRedis() {
                while (objects.hasNext()) {
                    Bucket.Listed object = objects.next();
                    if (ObjectKeys.isVersionOfYRedis(folder(object), object.key())) {
                        return Optional.of(object);
                    }
                }
                return Optional.empty();
            }

            @Override
            public boolean hasNext() {
                return first.isPresent();
            }

            @Override
            public YRedisArchive.Left next() {
                String folder = folder(first.orElseThrow());
                List<VersionReference> versions = new ArrayList<>();
                long bytes = 0;
                while (first.isPresent() && folder(first.get()).equals(folder)) {
                    versions.add(reference(first.get().key()));
                    bytes += first.get().bytes();
                    first = nextOfYRedis();
                }
                return document(folder, versions, bytes);
            }
        };
    }

    private static String folder(Bucket.Listed object) {
        return object.key().substring(0, object.key().lastIndexOf('/') + 1);
    }

    private static YRedisArchive.Left document(String folder, List<VersionReference> versions, long bytes) {
        Matcher names = FOLDER.matcher(folder);
        if (names.matches()) {
            Optional<String> room = decoded(names.group("room"));
            Optional<String> name = decoded(names.group("document"));
            if (room.isPresent() && name.isPresent()) {
                return YRedisArchive.Left.of(room.get(), name.get(), versions, bytes);
            }
        }
        return new YRedisArchive.Left(folder, Optional.empty(), versions, bytes);
    }

    /** Empty if the code is not what encoding gives, so that the document would not be found under it. */
    private static Optional<String> decoded(String code) {
        return YRedisDocuments.decodeUriComponent(code)
                .filter(name -> YRedisDocuments.encodeUriComponent(name).equals(code));
    }

    static boolean isReference(VersionReference reference) {
        return reference.value().startsWith(PREFIX);
    }
}
