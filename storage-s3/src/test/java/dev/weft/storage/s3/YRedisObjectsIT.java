package dev.weft.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.settings.Settings;
import dev.weft.storage.DocumentId;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.StorageException;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.VersionReference;
import dev.weft.storage.YRedisSamples;
import dev.weft.testing.TestS3;
import dev.weft.yjs.StateVector;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A bucket in which y-redis kept its documents. */
@Timeout(60)
class YRedisObjectsIT {
    private static final DocumentId ROOM = DocumentId.ofRoom("my room");
    private static final String UUID = "9f0c7a3e-3b1d-4a7c-9d55-0a1b2c3d4e5f";
    private static final String KEY = "my%2520room/index/" + UUID;

    private final Map<String, String> settings = TestS3.shared().settings();
    private final String bucket = settings.getOrDefault("S3_BUCKET", "");
    private final DocumentStorage storage = open(Map.of());
    private final S3Client client = client();

    @BeforeEach
    void fill() {
        put(KEY, YRedisSamples.v2());
        put("another/index/" + UUID, YRedisSamples.v2());
    }

    @AfterEach
    void close() {
        storage.close();
        client.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"my room", "another"})
    void documentIsReadUnderTheNameThatYRedisGaveIt(String room) {
        assertThat(storage.load(DocumentId.ofRoom(room))).singleElement().satisfies(version -> {
            assertThat(version.update()).isEqualTo(YRedisSamples.v1());
            assertThat(version.stateVector()).isEqualTo(StateVector.decode(new byte[] {1, 7, 15}));
        });
        assertThat(storage.load(DocumentId.ofRoom("my%20room"))).isEmpty();
        assertThat(storage.load(new DocumentId(room, "other"))).isEmpty();
    }

    @Test
    void objectIsDeletedWhenItsVersionIsDiscardedAndNoOther() {
        put("another/index/x" + UUID, YRedisSamples.v2());
        for (String room : List.of("my room", "another")) {
            DocumentId document = DocumentId.ofRoom(room);
            StoredVersion theirs = storage.load(document).getFirst();
            VersionReference ours = storage.store(document, theirs.update(), theirs.stateVector());
            assertThat(storage.load(document)).hasSize(2);
            storage.discard(DocumentId.ofRoom("a third"), List.of(theirs.reference()));
            assertThat(storage.load(document)).hasSize(2);
            storage.discard(
                    document, List.of(theirs.reference(), new VersionReference("yredis:another/index/x" + UUID)));
            assertThat(storage.load(document))
                    .extracting(StoredVersion::reference)
                    .containsExactly(ours);
        }
        assertThat(keys()).contains("another/index/x" + UUID).doesNotContain(KEY, "another/index/" + UUID);
    }

    @Test
    void erasureTakesTheirObjectsToo() {
        storage.erase(ROOM);

        assertThat(storage.load(ROOM)).isEmpty();
        assertThat(keys()).containsExactlyInAnyOrder("another/index/" + UUID, "my%20room/index/w1-life");
    }

    @Test
    void objectThatIsNoUpdateIsAnErrorAndNoEmptyDocument() {
        put("broken/index/" + UUID, new byte[] {1, 2});

        assertThatThrownBy(() -> storage.load(DocumentId.ofRoom("broken")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("broken/index/" + UUID);
    }

    @Test
    void objectsArePassedOverWhenTheOperatorSaysSo() {
        try (DocumentStorage without = open(Map.of("YREDIS_DOCUMENTS", "false"))) {
            assertThat(without.load(ROOM)).isEmpty();
            without.erase(ROOM);
        }
        assertThat(keys()).contains(KEY);
    }

    private DocumentStorage open(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(more);
        return new S3StorageProvider().open(Settings.of(all));
    }

    private void put(String key, byte[] bytes) {
        client.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(bytes));
    }

    private List<String> keys() {
        return client.listObjectsV2(request -> request.bucket(bucket)).contents().stream()
                .map(S3Object::key)
                .toList();
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
}
