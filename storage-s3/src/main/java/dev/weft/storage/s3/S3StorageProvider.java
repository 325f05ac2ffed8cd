package dev.weft.storage.s3;

import dev.weft.settings.InvalidSettingException;
import dev.weft.settings.Settings;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.DocumentStorageProvider;
import dev.weft.storage.StorageException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;

/**
 * Opens documents in S3, or a store that speaks its language, configured by
 *
 * <ul>
 *   <li>{@code S3_ENDPOINT}: host of the store, or its whole URL; none for AWS;
 *   <li>{@code S3_PORT}, {@code S3_SSL}: its port (that of HTTP or HTTPS by default), and whether it is HTTPS ({@code true}), unless the
 *       endpoint is a URL that says so;
 *   <li>{@code S3_ACCESS_KEY}, {@code S3_SECRET_KEY}: without them, credentials are found where the AWS SDK looks for them;
 *   <li>{@code S3_BUCKET}: {@code ydocs} by default, made if it is missing;
 *   <li>{@code S3_REGION}: {@code us-east-1} by default, or with AWS what the AWS SDK finds;
 *   <li>{@code S3_CONNECTIONS}: the most requests of this process at one time, 50 by default, at least 8;
 *   <li>{@code S3_TIMEOUT}: how long one request may take with its repetitions, in milliseconds, 60000 by default, at least 1000;
 *   <li>{@code YREDIS_DOCUMENTS}: whether documents that y-redis stored in the bucket are read, {@code true} by default.
 * </ul>
 */
public final class S3StorageProvider implements DocumentStorageProvider {
    private static final int DEFAULT_CONNECTIONS = 50;
    private static final int FEWEST_CONNECTIONS = 8;
    private static final int MOST_CONNECTIONS = 1000;
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration LEAST_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    // Shorter than what load balancers keep an idle connection for, so that none is used that they have dropped.
    private static final Duration IDLE_LIMIT = Duration.ofSeconds(20);

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
        S3Address address = S3Address.of(settings);
        S3Client client = client(
                address,
                settings.integer("S3_CONNECTIONS", DEFAULT_CONNECTIONS, FEWEST_CONNECTIONS, MOST_CONNECTIONS),
                settings.millis("S3_TIMEOUT", DEFAULT_TIMEOUT, LEAST_TIMEOUT));
        try {
            makeBucketIfMissing(client, address.bucket());
        } catch (SdkException e) {
            client.close();
            throw new StorageException(address + " (settings S3_…) cannot be used: " + S3Storage.reason(e), e);
        }
        return new S3Storage(
                new Bucket(client, address.bucket()),
                address.toString(),
                new VersionClock(InstantSource.system()),
                settings.flag("YREDIS_DOCUMENTS", true));
    }

    private static S3Client client(S3Address address, int connections, Duration timeout) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(Apache5HttpClient.builder()
                        .maxConnections(connections)
                        .connectionTimeout(CONNECT_LIMIT)
                        .connectionAcquisitionTimeout(timeout)
                        .connectionMaxIdleTime(IDLE_LIMIT)
                        .socketTimeout(min(timeout, Duration.ofSeconds(20)))
                        .tcpKeepAlive(true))
                .overrideConfiguration(override -> override.apiCallTimeout(timeout))
                // What is sent must be understood by stores that are S3 only in the main: a checksum as a trailer often
                // is not, and
                // objects carry one of their own.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(configuration -> configuration
                        .pathStyleAccessEnabled(address.endpoint().isPresent())
                        .chunkedEncodingEnabled(false));
        address.endpoint().ifPresent(builder::endpointOverride);
        address.region().map(Region::of).ifPresent(builder::region);
        address.accessKey()
                .ifPresent(key -> builder.credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(key, address.secretKey().orElseThrow()))));
        try {
            return builder.build();
        } catch (SdkException e) {
            throw new InvalidSettingException(
                    "S3_REGION", "a region of AWS, or S3_ENDPOINT the address of another store");
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static void makeBucketIfMissing(S3Client client, String bucket) {
        try {
            client.headBucket(request -> request.bucket(bucket));
        } catch (NoSuchBucketException missing) {
            try {
                client.createBucket(request -> request.bucket(bucket));
            } catch (BucketAlreadyOwnedByYouException e) {
                // Another process was quicker.
            }
        }
    }
}
