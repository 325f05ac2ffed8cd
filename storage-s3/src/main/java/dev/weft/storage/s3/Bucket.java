package dev.weft.storage.s3;

import dev.weft.storage.StorageException;
import dev.weft.storage.UnreadableVersionException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * The objects of a bucket whose keys begin with the operator's prefix, which keys here are without. Methods throw what the SDK throws.
 *
 * <p>Nothing is asked of the store but what all have: no conditions, no deletion of many at once, no checksums in trailers.
 */
final class Bucket implements AutoCloseable {
    private static final int NOT_FOUND = 404;
    private static final String CONTENT_TYPE = "application/octet-stream";

    private static final Logger LOG = LoggerFactory.getLogger(Bucket.class);

    private final S3Client client;
    private final S3Options options;
    private final String name;

    /** What a listing says of an object. */
    record Listed(String key, long bytes, Instant at) {}

    /** Reads what an object holds. */
    interface Reader<T> {
        /**
         * Reads it.
         *
         * @throws UnreadableVersionException if it is not what it should be; not tried again
         * @throws IOException if the stream fails or ends early; tried again
         */
        T read(InputStream in, long length) throws IOException;
    }

    /** The bucket that the options name; {@code client} is closed with it. */
    Bucket(S3Client client, S3Options options) {
        this.client = client;
        this.options = options;
        this.name = options.address().bucket();
    }

    /**
     * Looks whether the bucket is there.
     *
     * @param creates whether to make it if it is missing
     * @throws StorageException if it is missing and was not made
     */
    void prepare(boolean creates) {
        try {
            client.headBucket(request -> request.bucket(name));
        } catch (NoSuchBucketException missing) {
            if (!creates) {
                throw new StorageException("it is missing, and S3_CREATE_BUCKET is false", missing);
            }
            try {
                client.createBucket(request -> request.bucket(name));
            } catch (BucketAlreadyOwnedByYouException e) {
                // Another process was quicker.
            } catch (S3Exception e) {
                throw new StorageException("it is missing and could not be made: " + S3Storage.reason(e), e);
            }
        }
    }

    private String whole(String key) {
        return options.prefix() + key;
    }

    /** All objects whose keys begin with {@code prefix}, in the order of keys, asked for page by page. */
    Stream<Listed> list(String prefix) {
        int cut = options.prefix().length();
        return client.listObjectsV2Paginator(request -> request.bucket(name).prefix(whole(prefix))).contents().stream()
                .map(object -> new Listed(object.key().substring(cut), object.size(), object.lastModified()));
    }

    /**
     * Reads an object; empty if it is not there.
     *
     * @throws UnreadableVersionException what {@code reader} threw, with the key
     */
    <T> Optional<T> read(String key, Reader<T> reader) {
        ResponseTransformer<GetObjectResponse, T> transformer = (response, in) -> {
            try {
                return reader.read(in, response.contentLength());
            } catch (IOException e) {
                throw RetryableException.create("reading failed: " + e.getMessage(), e);
            }
        };
        try {
            return Optional.of(client.getObject(request -> request.bucket(name).key(whole(key)), transformer));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw badObject(e)
                    .<RuntimeException>map(
                            bad -> new StorageException("object " + whole(key) + " cannot be read: " + bad, e))
                    .orElse(e);
        }
    }

    /** What is wrong with the object, where that is the reason: the SDK wraps what its callbacks throw, more than once. */
    private static Optional<String> badObject(SdkException thrown) {
        for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof UnreadableVersionException bad) {
                return Optional.ofNullable(bad.getMessage());
            }
        }
        return Optional.empty();
    }

    /**
     * Puts an object, in place of the one that may be there; until this returns, it is not to be seen, nor a part of it. Nothing is copied: a
     * request reads its bytes from where they are.
     */
    void put(String key, Content content) {
        if (content.length() > options.partBytes()) {
            putInParts(key, content);
        } else {
            client.putObject(
                    request -> request.bucket(name)
                            .key(whole(key))
                            .contentType(CONTENT_TYPE)
                            .serverSideEncryption(options.encryption().orElse(null))
                            .ssekmsKeyId(options.kmsKey().orElse(null)),
                    body(content, 0, content.length()));
        }
    }

    private static RequestBody body(Content content, long from, long length) {
        return RequestBody.fromContentProvider(() -> content.open(from, length), length, CONTENT_TYPE);
    }

    /** Each part is repeated for itself if it fails, and has its own time limit. */
    private void putInParts(String key, Content content) {
        String upload = client.createMultipartUpload(request -> request.bucket(name)
                        .key(whole(key))
                        .contentType(CONTENT_TYPE)
                        .serverSideEncryption(options.encryption().orElse(null))
                        .ssekmsKeyId(options.kmsKey().orElse(null)))
                .uploadId();
        try {
            long partBytes = options.partBytes();
            int count = Math.toIntExact((content.length() + partBytes - 1) / partBytes);
            CompletedPart[] parts = new CompletedPart[count];
            Parallel.forEach(IntStream.range(0, count).boxed().toList(), i -> {
                long from = i * partBytes;
                UploadPartResponse answer = client.uploadPart(
                        request -> request.bucket(name)
                                .key(whole(key))
                                .uploadId(upload)
                                .partNumber(i + 1),
                        body(content, from, Math.min(partBytes, content.length() - from)));
                parts[i] = CompletedPart.builder()
                        .partNumber(i + 1)
                        .eTag(answer.eTag())
                        .build();
            });
            client.completeMultipartUpload(request ->
                    request.bucket(name).key(whole(key)).uploadId(upload).multipartUpload(all -> all.parts(parts)));
        } catch (RuntimeException | Error e) {
            abort(key, upload);
            throw e;
        }
    }

    /** What is not completed is never seen, but paid for. */
    private void abort(String key, String upload) {
        try {
            client.abortMultipartUpload(
                    request -> request.bucket(name).key(whole(key)).uploadId(upload));
        } catch (SdkException | IllegalStateException e) {
            LOG.warn("parts of {} that are of no use stay in S3: {}", whole(key), S3Storage.reason(e));
        }
    }

    /** Deletes an object, if it is there. */
    void delete(String key) {
        try {
            client.deleteObject(request -> request.bucket(name).key(whole(key)));
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
        client.close();
    }
}
