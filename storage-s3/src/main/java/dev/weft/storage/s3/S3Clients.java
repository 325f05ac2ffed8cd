package dev.weft.storage.s3;

import dev.weft.settings.InvalidSettingException;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Makes clients of the SDK. */
final class S3Clients {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(20);
    // Shorter than what load balancers keep an idle connection for, so that none is used that they have dropped.
    private static final Duration IDLE_LIMIT = Duration.ofSeconds(20);

    private S3Clients() {}

    /**
     * Makes a client, which connects when it is first used.
     *
     * @throws InvalidSettingException if no region was given and the SDK finds none
     */
    static S3Client client(S3Options options) {
        try {
            return builder(options).build();
        } catch (SdkException e) {
            throw new InvalidSettingException(
                    "S3_REGION", "a region of AWS, or S3_ENDPOINT the address of another store");
        }
    }

    static S3ClientBuilder builder(S3Options options) {
        S3Address address = options.address();
        Duration timeout = options.timeout();
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(Apache5HttpClient.builder()
                        .maxConnections(options.connections())
                        .connectionTimeout(CONNECT_LIMIT)
                        .connectionAcquisitionTimeout(timeout)
                        .connectionMaxIdleTime(IDLE_LIMIT)
                        .socketTimeout(timeout.compareTo(SILENCE_LIMIT) < 0 ? timeout : SILENCE_LIMIT)
                        .tcpKeepAlive(true))
                .overrideConfiguration(override -> override.apiCallTimeout(timeout)
                        .retryStrategy(retries -> retries.maxAttempts(1 + options.retries())))
                // What is sent must be understood by stores that are S3 only in the main: a checksum as a trailer often
                // is not, and
                // objects carry one of their own.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(configuration -> configuration
                        .pathStyleAccessEnabled(options.pathStyle())
                        .chunkedEncodingEnabled(false));
        address.endpoint().ifPresent(builder::endpointOverride);
        address.region().map(Region::of).ifPresent(builder::region);
        address.keys()
                .ifPresent(keys -> builder.credentialsProvider(StaticCredentialsProvider.create(credentials(keys))));
        return builder;
    }

    private static AwsCredentials credentials(S3Address.Keys keys) {
        return keys.session()
                .<AwsCredentials>map(session -> AwsSessionCredentials.create(keys.access(), keys.secret(), session))
                .orElseGet(() -> AwsBasicCredentials.create(keys.access(), keys.secret()));
    }
}
