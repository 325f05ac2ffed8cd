package dev.weft.storage.s3;

import dev.weft.settings.Settings;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.DocumentStorageProvider;
import dev.weft.storage.StorageException;
import java.time.InstantSource;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Opens documents in S3, or a store that speaks its language, configured by
 *
 * <ul>
 *   <li>{@code S3_ENDPOINT}: host of the store, or its whole URL; none for AWS;
 *   <li>{@code S3_PORT}, {@code S3_SSL}: its port (that of HTTP or HTTPS by default), and whether it is HTTPS ({@code true}), unless the
 *       endpoint is a URL that says so;
 *   <li>{@code S3_PATH_STYLE}: whether the bucket stands in the path of requests, by default if there is an endpoint;
 *   <li>{@code S3_ACCESS_KEY}, {@code S3_SECRET_KEY}, and {@code S3_SESSION_TOKEN} for temporary ones: without them, credentials are found
 *       where the AWS SDK looks for them;
 *   <li>{@code S3_BUCKET}: {@code ydocs} by default; {@code S3_CREATE_BUCKET}: whether it is made if it is missing ({@code true});
 *   <li>{@code S3_PREFIX}: what all keys begin with, nothing by default;
 *   <li>{@code S3_SSE}, {@code S3_SSE_KMS_KEY_ID}: how the store is to encrypt objects, and with which key; by default as the bucket says;
 *   <li>{@code S3_REGION}: {@code us-east-1} by default, or with AWS what the AWS SDK finds;
 *   <li>{@code S3_CONNECTIONS}: the most requests of this process at one time, 50 by default, at least 8;
 *   <li>{@code S3_PART_BYTES}: longer objects are sent in parts of that many bytes, 33554432 by default, at least 5242880;
 *   <li>{@code S3_TIMEOUT}: how long one request may take with its repetitions, in milliseconds, 60000 by default, at least 1000;
 *   <li>{@code S3_RETRIES}: how often a request is repeated that failed, 3 by default;
 *   <li>{@code YREDIS_DOCUMENTS}: whether documents that y-redis stored in the bucket are read, {@code true} by default.
 * </ul>
 */
public final class S3StorageProvider implements DocumentStorageProvider {
    /** For {@link java.util.ServiceLoader}. */
    public S3StorageProvider() {}

    @Override
    public String name() {
        return "s3";
    }

    @Override
    public boolean isConfigured(Settings settings) {
        return Stream.of("S3_ENDPOINT", "S3_BUCKET", "S3_ACCESS_KEY", "S3_REGION")
                .anyMatch(name -> settings.text(name).isPresent());
    }

    @Override
    public String hint() {
        return "S3_ENDPOINT=host S3_ACCESS_KEY=… S3_SECRET_KEY=…";
    }

    @Override
    public DocumentStorage open(Settings settings) {
        S3Options options = S3Options.of(settings);
        Bucket bucket = new Bucket(S3Clients.client(options), options);
        try {
            bucket.prepare(options.createsBucket());
        } catch (SdkException | StorageException e) {
            bucket.close();
            throw new StorageException(
                    options.address() + " (settings S3_…) cannot be used: " + S3Storage.reason(e), e);
        }
        return new S3Storage(
                bucket, options.address().toString(), new VersionClock(InstantSource.system()), options.withYRedis());
    }
}
