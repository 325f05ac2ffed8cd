package dev.weft.storage.s3;

import dev.weft.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The objects of a bucket. Methods throw what the SDK throws. */
final class Bucket implements AutoCloseable {
    private static final int NOT_FOUND = 404;
    private static final String CONTENT_TYPE = "application/octet-stream";

    private final S3Client client;
    private final String name;

    /** What a listing says of an object. */
    record Listed(String key, long bytes, Instant at) {}

    /** Reads what an object holds. */
    interface Reader<T> {
        /**
         * Reads it.
         *
         * @throws StorageException if it is not what it should be; not tried again
         * @throws IOException if the stream fails or ends early; tried again
         */
        T read(InputStream in, long length) throws IOException;
    }

    /** A bucket that exists; {@code client} is closed with it. */
    Bucket(S3Client client, String name) {
        this.client = client;
        this.name = name;
    }

    /** All objects whose keys begin with {@code prefix}, in the order of keys, asked for page by page. */
    Stream<Listed> list(String prefix) {
        return client.listObjectsV2Paginator(request -> request.bucket(name).prefix(prefix)).contents().stream()
                .map(object -> new Listed(object.key(), object.size(), object.lastModified()));
    }

    /**
     * Reads an object; empty if it is not there.
     *
     * @throws StorageException what {@code reader} threw, with the key
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
            return Optional.of(client.getObject(request -> request.bucket(name).key(key), transformer));
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

    /**
     * Puts an object, in place of the one that may be there.
     *
     * @param content opens it anew for each attempt
     */
    void put(String key, ContentStreamProvider content, long length) {
        client.putObject(
                request -> request.bucket(name).key(key).contentType(CONTENT_TYPE),
                RequestBody.fromContentProvider(content, length, CONTENT_TYPE));
    }

    /** Deletes an object, if it is there. */
    void delete(String key) {
        try {
            client.deleteObject(request -> request.bucket(name).key(key));
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
