package dev.weft.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.settings.Settings;
import dev.weft.storage.DocumentId;
import dev.weft.storage.StorageException;
import dev.weft.storage.VersionInfo;
import dev.weft.storage.VersionReference;
import dev.weft.testing.TestS3;
import dev.weft.yjs.StateVector;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** What a storage asks of S3, request by request. */
@Timeout(120)
class S3RequestsIT {
    private static final DocumentId DOCUMENT = DocumentId.ofRoom("a room");
    private static final int PART = 5 * 1024 * 1024;

    private final Map<String, String> settings = TestS3.shared().settings();
    private final Queue<SdkHttpRequest> requests = new ConcurrentLinkedQueue<>();
    private final List<S3Storage> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(S3Storage::close);
    }

    @Test
    void largeVersionIsSentInPartsOfItsSizeAndComesBackExactly() {
        S3Storage storage = open(Map.of("S3_PART_BYTES", Integer.toString(PART)), request -> {});
        byte[] update = randomBytes(3 * PART + 17);

        VersionReference version = storage.store(DOCUMENT, update, StateVector.empty());

        assertThat(requests.stream().filter(S3RequestsIT::isPart)).hasSize(4);
        assertThat(Arrays.equals(storage.load(DOCUMENT).getFirst().update(), update))
                .isTrue();
        assertThat(storage.list(DOCUMENT)).singleElement().satisfies(info -> {
            assertThat(info.reference()).isEqualTo(version);
            assertThat(info.bytes()).isBetween((long) update.length, update.length + 100L);
        });
        assertThat(uploads()).isZero();
    }

    @Test
    void versionsUpToTheSizeOfAPartAreSentWhole() {
        S3Storage storage = open(Map.of("S3_PART_BYTES", Integer.toString(PART)), request -> {});

        storage.store(DOCUMENT, randomBytes(PART - 100), StateVector.empty());

        assertThat(requests.stream().filter(S3RequestsIT::isPart)).isEmpty();
    }

    @Test
    void largeVersionWhosePartFailsLeavesNothingThere() {
        S3Storage storage = open(Map.of("S3_PART_BYTES", Integer.toString(PART), "S3_RETRIES", "0"), request -> {
            if (request.firstMatchingRawQueryParameter("partNumber")
                    .filter("3"::equals)
                    .isPresent()) {
                throw SdkClientException.create("cut off");
            }
        });
        byte[] update = randomBytes(3 * PART + 17);

        assertThatThrownBy(() -> storage.store(DOCUMENT, update, StateVector.empty()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("cut off");

        assertThat(storage.load(DOCUMENT)).isEmpty();
        assertThat(uploads()).isZero();
    }

    @Test
    void objectsLieUnderThePrefixAndStoragesWithOthersDoNotSeeThem() {
        S3Storage storage = open(Map.of("S3_PREFIX", "weft/documents"), request -> {});
        S3Storage other = open(Map.of("S3_PREFIX", "weft"), request -> {});
        S3Storage without = open(Map.of(), request -> {});

        VersionReference version = storage.store(DOCUMENT, new byte[] {1}, StateVector.empty());
        without.store(DOCUMENT, new byte[] {2}, StateVector.empty());

        try (S3Client client = S3Clients.client(options(Map.of()))) {
            assertThat(client.listObjectsV2(request ->
                                    request.bucket(settings.get("S3_BUCKET")).prefix("weft/"))
                            .contents())
                    .singleElement()
                    .satisfies(object ->
                            assertThat(object.key()).isEqualTo("weft/documents/a%20room/index/w1-" + version.value()));
        }
        assertThat(storage.load(DOCUMENT, List.of(version))).hasSize(1);
        assertThat(storage.list(DOCUMENT)).extracting(VersionInfo::reference).containsExactly(version);
        assertThat(other.load(DOCUMENT)).isEmpty();
        storage.erase(DOCUMENT);
        assertThat(storage.load(DOCUMENT)).isEmpty();
        assertThat(without.load(DOCUMENT)).hasSize(1);
        assertThat(without.erasedAt(DOCUMENT)).isEmpty();
    }

    /** A listing for which a store collects names first, and looks at the objects when the only one was replaced. */
    @Test
    void documentIsNotTakenForEmptyBecauseItsOnlyVersionWasReplacedDuringTheListing() {
        S3Storage writer = open(Map.of(), request -> {});
        VersionReference old = writer.store(DOCUMENT, new byte[] {1}, StateVector.empty());
        AtomicInteger listings = new AtomicInteger();
        S3Storage reader = open(Map.of("YREDIS_DOCUMENTS", "false"), request -> {
            if (request.firstMatchingRawQueryParameter("list-type").isPresent()) {
                if (listings.incrementAndGet() == 1) {
                    writer.discard(DOCUMENT, List.of(old));
                } else {
                    writer.store(DOCUMENT, new byte[] {2}, StateVector.empty());
                }
            }
        });

        assertThat(reader.load(DOCUMENT))
                .singleElement()
                .satisfies(version -> assertThat(version.update()).containsExactly(2));
        assertThat(listings).hasValue(2);
    }

    @Test
    void encryptionIsAskedForWithEveryObjectSmallOrLarge() {
        S3Storage storage = open(
                Map.of("S3_SSE", "aws:kms", "S3_SSE_KMS_KEY_ID", "key-1", "S3_PART_BYTES", Integer.toString(PART)),
                request -> {});

        storage.store(DOCUMENT, new byte[] {1}, StateVector.empty());
        storage.store(DOCUMENT, randomBytes(PART), StateVector.empty());
        storage.erase(DOCUMENT);

        List<SdkHttpRequest> begun = requests.stream()
                .filter(request -> (request.method().name().equals("PUT") && !isPart(request))
                        || request.rawQueryParameters().containsKey("uploads"))
                .filter(request -> request.encodedPath().contains("/w1-"))
                .toList();
        assertThat(begun).hasSize(3).allSatisfy(request -> {
            assertThat(request.firstMatchingHeader("x-amz-server-side-encryption"))
                    .contains("aws:kms");
            assertThat(request.firstMatchingHeader("x-amz-server-side-encryption-aws-kms-key-id"))
                    .contains("key-1");
        });
    }

    @Test
    void tokenOfTemporaryCredentialsIsSent() {
        S3Storage storage = open(Map.of("S3_SESSION_TOKEN", "the-token"), request -> {});

        storage.erasedAt(DOCUMENT);

        assertThat(requests)
                .isNotEmpty()
                .allSatisfy(request -> assertThat(request.firstMatchingHeader("x-amz-security-token"))
                        .contains("the-token"));
    }

    @Test
    void nothingIsAskedForThatSimpleStoresLack() {
        S3Storage storage = open(Map.of("S3_PART_BYTES", Integer.toString(PART)), request -> {});

        VersionReference version = storage.store(DOCUMENT, randomBytes(PART), StateVector.empty());
        storage.load(DOCUMENT);
        storage.discard(DOCUMENT, List.of(version));
        storage.erase(DOCUMENT);
        storage.allow(DOCUMENT);

        assertThat(requests).isNotEmpty().allSatisfy(request -> {
            assertThat(request.headers()).doesNotContainKeys("If-Match", "If-None-Match", "x-amz-trailer");
            assertThat(request.rawQueryParameters()).doesNotContainKey("delete");
        });
    }

    @Test
    void requestsThatFailAreRepeatedAsOftenAsSaid() {
        S3Storage storage = open(Map.of("S3_RETRIES", "2"), request -> {
            throw RetryableException.create("cut off");
        });

        assertThatThrownBy(() -> storage.erasedAt(DOCUMENT)).isInstanceOf(StorageException.class);
        assertThat(requests).as("interceptors run once an attempt").hasSize(3);
    }

    private static boolean isPart(SdkHttpRequest request) {
        return request.rawQueryParameters().containsKey("partNumber");
    }

    /** Of the bucket, neither completed nor aborted. */
    private int uploads() {
        try (S3Client client = S3Clients.client(options(Map.of()))) {
            return client.listMultipartUploads(request -> request.bucket(settings.get("S3_BUCKET")))
                    .uploads()
                    .size();
        }
    }

    /** A storage whose requests are recorded, and handed to {@code each} before they are sent. */
    private S3Storage open(Map<String, String> more, Consumer<SdkHttpRequest> each) {
        new S3StorageProvider().open(Settings.of(settings)).close(); // Makes the bucket.
        ExecutionInterceptor recorder = new ExecutionInterceptor() {
            @Override
            public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
                requests.add(context.httpRequest());
                each.accept(context.httpRequest());
            }
        };
        S3Options options = options(more);
        S3ClientBuilder builder = S3Clients.builder(options);
        builder.overrideConfiguration(builder.overrideConfiguration().toBuilder()
                .addExecutionInterceptor(recorder)
                .build());
        S3Client client = builder.build();
        S3Storage storage = new S3Storage(
                new Bucket(client, options), "S3", new VersionClock(InstantSource.system()), options.withYRedis());
        opened.add(storage);
        return storage;
    }

    private S3Options options(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(more);
        return S3Options.of(Settings.of(all));
    }

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
