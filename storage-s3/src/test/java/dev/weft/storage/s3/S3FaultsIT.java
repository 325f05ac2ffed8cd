package dev.weft.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.settings.Settings;
import dev.weft.storage.DocumentId;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.StorageException;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.VersionInfo;
import dev.weft.storage.VersionReference;
import dev.weft.testing.Ports;
import dev.weft.testing.TestS3;
import dev.weft.yjs.StateVector;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** What a storage in S3 does when objects, the store or the settings are not as they should be. */
@Timeout(60)
class S3FaultsIT {
    private static final DocumentId DOCUMENT = DocumentId.ofRoom("a room");
    private static final String PREFIX = "a%20room/index/w1-";
    private static final String VERSION = "01a1fd30-f9a2-7000-bb15-58eca64b476e";

    private final Map<String, String> settings = TestS3.shared().settings();
    private final String bucket = settings.getOrDefault("S3_BUCKET", "");
    private DocumentStorage storage = open(settings);
    private S3Client client = client();

    @BeforeEach
    void storageIsEmpty() {
        assertThat(storage.load(DOCUMENT)).isEmpty();
    }

    @AfterEach
    void close() {
        storage.close();
        client.close();
    }

    @Test
    void versionReplacedBetweenListingAndReadingIsFollowed() {
        store("old");
        AtomicInteger reads = new AtomicInteger();
        S3Client replacing = beforeEachGet(client, () -> {
            if (reads.getAndIncrement() < 3) {
                List<StoredVersion> old = storage.load(DOCUMENT);
                store("new " + reads.get());
                storage.discard(
                        DOCUMENT, old.stream().map(StoredVersion::reference).toList());
            }
        });

        List<StoredVersion> loaded = storageOn(replacing).load(DOCUMENT);

        assertThat(loaded).extracting(S3FaultsIT::text).containsExactly("new 3");
        assertThat(reads).hasValue(4);
    }

    @Test
    void versionsReplacedForEverEndInAnError() {
        store("old");
        S3Client replacing = beforeEachGet(client, () -> {
            List<VersionInfo> old = storage.list(DOCUMENT);
            store("again");
            storage.discard(DOCUMENT, old.stream().map(VersionInfo::reference).toList());
        });

        assertThatThrownBy(() -> storageOn(replacing).load(DOCUMENT))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("could not load")
                .hasMessageContaining("50 attempts");
    }

    @Test
    void truncatedObjectIsAnErrorThatNamesIt() {
        VersionReference reference = store("whole");
        byte[] whole = client.getObjectAsBytes(request -> request.bucket(bucket).key(PREFIX + reference.value()))
                .asByteArray();
        put(PREFIX + reference.value(), Arrays.copyOf(whole, whole.length - 1));

        assertThatThrownBy(() -> storage.load(DOCUMENT))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(PREFIX + reference.value())
                .hasMessageContaining("its head speaks of another number");
    }

    @Test
    void foreignObjectUnderAKeyOfOursIsAnErrorAndHidesNothing() {
        store("whole");
        put(PREFIX + VERSION, "something else of some length, which is no version".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> storage.load(DOCUMENT))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(VERSION)
                .hasMessageContaining("does not begin with WEFT");
    }

    @Test
    void objectCopiedToAnotherDocumentIsAnError() {
        VersionReference reference = store("whole");
        client.copyObject(request -> request.sourceBucket(bucket)
                .sourceKey(PREFIX + reference.value())
                .destinationBucket(bucket)
                .destinationKey("other/index/w1-" + reference.value()));

        assertThatThrownBy(() -> storage.load(DocumentId.ofRoom("other")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("belongs to another document");
    }

    @Test
    void versionThatReplacesOneOfAClockAheadIsListedAfterIt() {
        VersionClock ahead = new VersionClock(InstantSource.offset(InstantSource.system(), Duration.ofHours(1)));
        VersionReference old = new S3Storage(new Bucket(client, options()), "S3", ahead, true)
                .store(DOCUMENT, new byte[0], StateVector.empty());

        storage.load(DOCUMENT);

        assertThat(store("new").value()).isGreaterThan(old.value());
    }

    @Test
    void severalFirstStartsMakeOneBucket() {
        Map<String, String> fresh = TestS3.shared().settings();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<DocumentStorage>> starts = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                starts.add(executor.submit(() -> open(fresh)));
            }
            assertThat(starts).allSatisfy(start -> start.get().close());
        }
    }

    @Test
    void outageIsAnErrorAndEndsWithIt() {
        try (TestS3 s3 = TestS3.start();
                DocumentStorage own = open(with(s3.settings(), "S3_TIMEOUT", "2000"))) {
            VersionReference before = own.store(DOCUMENT, new byte[] {1}, StateVector.empty());

            s3.stop();
            assertThatThrownBy(() -> own.store(DOCUMENT, new byte[] {2}, StateVector.empty()))
                    .isInstanceOf(StorageException.class)
                    .hasMessageStartingWith("S3 bucket ");
            assertThatThrownBy(() -> own.load(DOCUMENT)).isInstanceOf(StorageException.class);
            s3.restart();

            assertThat(own.load(DOCUMENT)).extracting(StoredVersion::reference).containsExactly(before);
        }
    }

    @Test
    void storeThatDoesNotAnswerIsGivenUp() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Map<String, String> hanging =
                    with(with(settings, "S3_PORT", Integer.toString(silent.getLocalPort())), "S3_TIMEOUT", "1000");

            assertThatThrownBy(() -> open(hanging))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("settings S3_")
                    .hasMessageNotContainingAny("\n");
        }
    }

    @Test
    void nobodyThereIsAnErrorOfOneLineThatSaysWhere() {
        String port = Integer.toString(Ports.free());

        assertThatThrownBy(() -> open(with(settings, "S3_PORT", port)))
                .isInstanceOf(StorageException.class)
                .hasMessageStartingWith("S3 bucket " + bucket + " at http://127.0.0.1:" + port + " (settings S3_…)")
                .hasMessageNotContainingAny("\n");
    }

    @Test
    void missingBucketIsAnErrorWhereItMayNotBeMade() {
        Map<String, String> fresh = TestS3.shared().settings();

        assertThatThrownBy(() -> open(with(fresh, "S3_CREATE_BUCKET", "false")))
                .isInstanceOf(StorageException.class)
                .hasMessageStartingWith("S3 bucket " + fresh.get("S3_BUCKET"))
                .hasMessageEndingWith("cannot be used: it is missing, and S3_CREATE_BUCKET is false");
        open(fresh).close();
        open(with(fresh, "S3_CREATE_BUCKET", "false")).close();
    }

    @Test
    void wrongKeyIsAnErrorThatDoesNotRepeatIt() {
        assertThatThrownBy(() -> open(with(settings, "S3_SECRET_KEY", "a-wrong-one")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("403")
                .hasMessageNotContainingAny("a-wrong-one", "\n");
    }

    private VersionReference store(String text) {
        return storage.store(DOCUMENT, text.getBytes(StandardCharsets.UTF_8), StateVector.empty());
    }

    private void put(String key, byte[] bytes) {
        client.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(bytes));
    }

    private S3Storage storageOn(S3Client other) {
        return new S3Storage(new Bucket(other, options()), "S3", new VersionClock(InstantSource.system()), true);
    }

    private S3Options options() {
        return S3Options.of(Settings.of(settings));
    }

    private S3Client client() {
        return S3Client.builder()
                .httpClientBuilder(Apache5HttpClient.builder())
                .endpointOverride(URI.create("http://127.0.0.1:" + settings.get("S3_PORT")))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(settings.get("S3_ACCESS_KEY"), settings.get("S3_SECRET_KEY"))))
                .build();
    }

    /** A client that does something before it reads an object. */
    private static S3Client beforeEachGet(S3Client client, Runnable before) {
        return (S3Client) Proxy.newProxyInstance(
                S3Client.class.getClassLoader(), new Class<?>[] {S3Client.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getObject")) {
                        before.run();
                    }
                    try {
                        return method.invoke(client, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static DocumentStorage open(Map<String, String> settings) {
        return new S3StorageProvider().open(Settings.of(settings));
    }

    private static Map<String, String> with(Map<String, String> settings, String name, String value) {
        Map<String, String> changed = new HashMap<>(settings);
        changed.put(name, value);
        return changed;
    }

    private static String text(StoredVersion version) {
        return new String(version.update(), StandardCharsets.UTF_8);
    }
}
