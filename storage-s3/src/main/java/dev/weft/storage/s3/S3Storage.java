package dev.weft.storage.s3;

import dev.weft.storage.DocumentId;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.StorageException;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.VersionReference;
import dev.weft.yjs.StateVector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Keeps documents in a bucket, an object a version; {@link ObjectKeys} are its keys and a {@link VersionObject} what it holds.
 *
 * <p>It needs of the store what S3 gives: an object that was put is listed and read at once, a put is whole or not at all, and pages
 * are listed in the order of keys.
 */
final class S3Storage implements DocumentStorage {
    private static final int NOT_FOUND = 404;
    private static final String CONTENT_TYPE = "application/octet-stream";
    // A version that was listed is gone when it is read: replaced meanwhile, at most every few milliseconds. Then it is
    // listed again.
    private static final int MOST_LISTINGS = 50;

    private final S3Client client;
    private final String bucket;
    private final String shown;
    private final VersionClock clock;
    private final Optional<YRedisObjects> yRedis;
    private volatile boolean closed;

    /**
     * A storage in a bucket that exists.
     *
     * @param client closed with this storage
     * @param shown where the store is, for messages
     * @param withYRedis whether documents of y-redis are looked for in the bucket
     */
    S3Storage(S3Client client, String bucket, String shown, VersionClock clock, boolean withYRedis) {
        this.client = client;
        this.bucket = bucket;
        this.shown = shown;
        this.clock = clock;
        this.yRedis = withYRedis ? Optional.of(new YRedisObjects(client, bucket)) : Optional.empty();
    }

    @Override
    public List<StoredVersion> load(DocumentId document) {
        return run("load", document, () -> {
            String prefix = ObjectKeys.prefix(document);
            Map<VersionReference, StoredVersion> read = new ConcurrentHashMap<>();
            for (int i = 0; i < MOST_LISTINGS; i++) {
                List<VersionReference> live = list(document);
                read.keySet().retainAll(live);
                List<VersionReference> unread = live.stream()
                        .filter(version -> !read.containsKey(version))
                        .toList();
                Parallel.forEach(
                        unread,
                        reference -> (YRedisObjects.isReference(reference)
                                        ? yRedis.orElseThrow().read(reference)
                                        : read(document, prefix, reference))
                                .ifPresent(version -> read.put(reference, version)));
                if (read.size() == live.size()) {
                    return List.copyOf(read.values());
                }
            }
            throw new StorageException("its versions were replaced during each of " + MOST_LISTINGS + " attempts");
        });
    }

    /**
     * All versions of a document, however many pages they fill. Those of y-redis come before ours, because they are discarded after one of ours
     * was stored: what was replaced while this runs is on a later page.
     *
     * <p>Keys that go on otherwise are passed over. No version was ever stored under one, but stores over a file system may list a file
     * that they are about to rename.
     */
    private List<VersionReference> list(DocumentId document) {
        String ours = ObjectKeys.prefix(document);
        String folder = ObjectKeys.folder(document);
        List<String> theirs = yRedis.isPresent() ? ObjectKeys.prefixesOfYRedis(document) : List.of();
        List<VersionReference> versions = new ArrayList<>();
        theirs.stream()
                .filter(prefix -> !prefix.equals(folder))
                .forEach(prefix -> keys(prefix)
                        .filter(key -> ObjectKeys.isVersionOfYRedis(prefix, key))
                        .map(YRedisObjects::reference)
                        .forEach(versions::add));
        // In most cases theirs lie in the folder of ours, and one request lists both.
        keys(theirs.contains(folder) ? folder : ours).forEach(key -> {
            if (key.startsWith(ours)) {
                VersionReference version = new VersionReference(key.substring(ours.length()));
                if (ObjectKeys.isVersion(version)) {
                    clock.observe(UUID.fromString(version.value()));
                    versions.add(version);
                }
            } else if (ObjectKeys.isVersionOfYRedis(folder, key)) {
                versions.add(YRedisObjects.reference(key));
            }
        });
        return versions;
    }

    private Stream<String> keys(String prefix) {
        return client.listObjectsV2Paginator(request -> request.bucket(bucket).prefix(prefix)).contents().stream()
                .map(S3Object::key);
    }

    /** Reads a version; empty if it is gone. */
    private Optional<StoredVersion> read(DocumentId document, String prefix, VersionReference reference) {
        String key = prefix + reference.value();
        ResponseTransformer<GetObjectResponse, VersionObject> reader = (response, in) -> {
            try {
                return VersionObject.read(document, in, response.contentLength());
            } catch (IOException e) {
                throw RetryableException.create("reading failed: " + e.getMessage(), e);
            }
        };
        try {
            VersionObject version =
                    client.getObject(request -> request.bucket(bucket).key(key), reader);
            return Optional.of(new StoredVersion(reference, version.update(), version.stateVector()));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw badObject(e)
                    .<RuntimeException>map(bad -> new StorageException("object " + key + " cannot be read: " + bad, e))
                    .orElse(e);
        }
    }

    /** What is wrong with the object, where that is the reason: the SDK wraps what its callbacks throw, more than once. */
    private static Optional<String> badObject(SdkException thrown) {
        for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof StorageException bad) {
                return Optional.ofNullable(bad.getMessage());
            }
        }
        return Optional.empty();
    }

    @Override
    public VersionReference store(DocumentId document, byte[] update, StateVector stateVector) {
        return run("store", document, () -> {
            byte[] head = new VersionObject(document, stateVector, update).head();
            String version = clock.next().toString();
            // A stream over both parts, opened anew at each attempt, so that a large update is not copied behind its
            // head.
            RequestBody body = RequestBody.fromContentProvider(
                    () -> VersionObject.stream(head, update), (long) head.length + update.length, CONTENT_TYPE);
            client.putObject(
                    request -> request.bucket(bucket)
                            .key(ObjectKeys.prefix(document) + version)
                            .contentType(CONTENT_TYPE),
                    body);
            return new VersionReference(version);
        });
    }

    @Override
    public void discard(DocumentId document, Collection<VersionReference> references) {
        String prefix = ObjectKeys.prefix(document);
        delete(
                "discard",
                document,
                () -> Stream.concat(
                                references.stream()
                                        .filter(ObjectKeys::isVersion)
                                        .map(reference -> prefix + reference.value())
                                        .distinct(),
                                keysOfYRedis(document, references).stream())
                        .toList());
    }

    private List<String> keysOfYRedis(DocumentId document, Collection<VersionReference> references) {
        return yRedis.isPresent() ? YRedisObjects.keys(document, references) : List.of();
    }

    @Override
    public void erase(DocumentId document) {
        delete("erase", document, () -> {
            String prefix = ObjectKeys.prefix(document);
            List<VersionReference> all = list(document);
            return Stream.concat(
                            all.stream().filter(ObjectKeys::isVersion).map(version -> prefix + version.value()),
                            keysOfYRedis(document, all).stream())
                    .toList();
        });
    }

    // One request an object: a discard is of a few versions, single deletes are free of charge on AWS, and the request
    // for many at once is
    // what compatible stores lack, or want another checksum for.
    private void delete(String verb, DocumentId document, Supplier<List<String>> keys) {
        run(verb, document, () -> {
            Parallel.forEach(keys.get(), this::delete);
            return true;
        });
    }

    private void delete(String key) {
        try {
            client.deleteObject(request -> request.bucket(bucket).key(key));
        } catch (S3Exception e) {
            // Some stores say so where S3 is content.
            if (e.statusCode() != NOT_FOUND
                    || "NoSuchBucket".equals(e.awsErrorDetails().errorCode())) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        client.close();
    }

    private <T> T run(String verb, DocumentId document, Supplier<T> work) {
        try {
            if (closed) {
                throw new StorageException("it is closed");
            }
            return work.get();
        } catch (StorageException | SdkException | IllegalStateException e) {
            // IllegalStateException: closed by another thread meanwhile.
            throw new StorageException(shown + " could not " + verb + " " + document + ": " + reason(e), e);
        }
    }

    /** In one line, without the attachments of the SDK. */
    static String reason(RuntimeException thrown) {
        String reason = thrown instanceof S3Exception s3 && s3.awsErrorDetails() != null
                ? s3.statusCode() + " " + s3.awsErrorDetails().errorCode() + " "
                        + s3.awsErrorDetails().errorMessage()
                : String.valueOf(thrown.getMessage());
        return reason.replaceAll("\\s*\\R\\s*", "; ");
    }
}
