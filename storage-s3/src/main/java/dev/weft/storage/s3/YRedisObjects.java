package dev.weft.storage.s3;

import dev.weft.storage.DocumentId;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.VersionReference;
import dev.weft.storage.YRedisDocuments;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * The objects in which y-redis kept its documents, in the same bucket: an object a version, which holds an update in encoding V2 and nothing
 * else. They are read like versions of ours, and deleted when they are discarded.
 */
final class YRedisObjects {
    private static final String PREFIX = "yredis:";

    private final S3Client client;
    private final String bucket;

    YRedisObjects(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    /** Reads a version; empty if it is gone. */
    Optional<StoredVersion> read(VersionReference reference) {
        try {
            ResponseBytes<GetObjectResponse> object = client.getObject(
                    request -> request.bucket(bucket).key(key(reference)), ResponseTransformer.toBytes());
            return Optional.of(YRedisDocuments.version(reference, object.asByteArrayUnsafe()));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    /** The reference of a version by its key. */
    static VersionReference reference(String key) {
        return new VersionReference(PREFIX + key);
    }

    /** The keys of those of the references that are versions of the document by y-redis. */
    static List<String> keys(DocumentId document, Collection<VersionReference> references) {
        List<String> prefixes = ObjectKeys.prefixesOfYRedis(document);
        return references.stream()
                .filter(YRedisObjects::isReference)
                .map(YRedisObjects::key)
                .filter(key -> prefixes.stream().anyMatch(prefix -> ObjectKeys.isVersionOfYRedis(prefix, key)))
                .distinct()
                .toList();
    }

    static boolean isReference(VersionReference reference) {
        return reference.value().startsWith(PREFIX);
    }

    private static String key(VersionReference reference) {
        return reference.value().substring(PREFIX.length());
    }
}
