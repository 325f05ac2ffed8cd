package dev.weft.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.settings.Settings;
import dev.weft.storage.DocumentErasedException;
import dev.weft.storage.DocumentId;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.StorageException;
import dev.weft.storage.VersionReference;
import dev.weft.testing.TestS3;
import dev.weft.yjs.StateVector;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What becomes of a version that is on its way while its document is erased: its bytes arrive, or its process ends, at the worst moment. */
@Timeout(60)
class S3ErasureIT {
    private static final DocumentId DOCUMENT = DocumentId.ofRoom("a room");
    private static final String FOLDER = "a%20room/index/";

    private final Map<String, String> settings = TestS3.shared().settings();
    private final DocumentStorage storage = new S3StorageProvider().open(Settings.of(settings));
    private final S3Options options = S3Options.of(Settings.of(settings));
    private final S3Client client = S3Clients.client(options);

    @AfterEach
    void close() {
        storage.close();
        client.close();
    }

    @Test
    void versionThatArrivesAfterAnEraseIsDeletedByItsStore() {
        store("old");

        assertThatThrownBy(() -> storeAround(() -> storage.erase(DOCUMENT), () -> {}))
                .isInstanceOf(DocumentErasedException.class);

        assertThat(versions()).isEmpty();
    }

    @Test
    void versionThatArrivesWhenItsDocumentIsAllowedAgainIsDeletedByItsStore() {
        store("old");

        assertThatThrownBy(() -> storeAround(this::eraseAndAllow, () -> {}))
                .isInstanceOf(DocumentErasedException.class);

        assertThat(versions()).isEmpty();
        VersionReference version = store("new");
        assertThat(storage.load(DOCUMENT))
                .extracting(loaded -> loaded.reference())
                .containsExactly(version);
    }

    @Test
    void versionWhoseProcessDiedAfterItsPutIsNoVersionAndIsDeletedByWhoeverLists() {
        assertThatThrownBy(() -> storeAround(() -> storage.erase(DOCUMENT), S3ErasureIT::die))
                .isInstanceOf(StorageException.class);
        assertThat(versions()).as("what the crash left").hasSize(1);

        assertThat(storage.load(DOCUMENT)).isEmpty();

        assertThat(versions()).isEmpty();
    }

    @Test
    void versionWhoseProcessDiedAfterItsPutDoesNotComeBackWhenItsDocumentIsAllowed() {
        assertThatThrownBy(() -> storeAround(this::eraseAndAllow, S3ErasureIT::die))
                .isInstanceOf(StorageException.class);
        assertThat(versions()).as("what the crash left").hasSize(1);
        VersionReference version = store("new");

        assertThat(storage.load(DOCUMENT))
                .extracting(loaded -> loaded.reference())
                .containsExactly(version);

        assertThat(versions()).hasSize(1);
    }

    @Test
    void repeatedEraseAndAllowDeleteWhatACrashLeft() {
        for (Runnable healer : List.<Runnable>of(() -> storage.erase(DOCUMENT), () -> storage.allow(DOCUMENT))) {
            assertThatThrownBy(() -> storeAround(() -> storage.erase(DOCUMENT), S3ErasureIT::die))
                    .isInstanceOf(StorageException.class);
            assertThat(versions()).hasSize(1);

            healer.run();

            assertThat(versions()).isEmpty();
            storage.allow(DOCUMENT);
        }
    }

    @Test
    void whatSaysThatADocumentIsErasedIsReadableForPeopleAndNothingElseIsTakenForIt() {
        storage.erase(DOCUMENT);
        String key = FOLDER + "w1-life";
        assertThat(client.getObjectAsBytes(request -> request.bucket(bucket()).key(key))
                        .asUtf8String())
                .matches("WEFT 1 erased [0-9a-f]{12} "
                        + storage.erasedAt(DOCUMENT).orElseThrow() + "\n");

        for (String other : List.of(
                "",
                "WEFT 1 erased",
                "WEFT 2 erased 0123456789ab 2026-01-01T00:00:00Z\n",
                "WEFT 1 erased 0123456789ab yesterday\n",
                "x".repeat(1_000_000))) {
            client.putObject(
                    request -> request.bucket(bucket()).key(key),
                    RequestBody.fromBytes(other.getBytes(StandardCharsets.UTF_8)));
            assertThatThrownBy(() -> storage.load(DOCUMENT))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("object " + key + " cannot be read");
            assertThatThrownBy(() -> store("x")).isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> storage.erasedAt(DOCUMENT)).isInstanceOf(StorageException.class);
        }
    }

    private void eraseAndAllow() {
        storage.erase(DOCUMENT);
        storage.allow(DOCUMENT);
    }

    private static void die() {
        throw SdkClientException.create("as if the process had died");
    }

    private VersionReference store(String update) {
        return storage.store(DOCUMENT, update.getBytes(StandardCharsets.UTF_8), StateVector.empty());
    }

    /** Stores a version through a client that does something right before, and after, its put. */
    private void storeAround(Runnable before, Runnable after) {
        AtomicBoolean put = new AtomicBoolean();
        S3Client around = (S3Client) Proxy.newProxyInstance(
                S3Client.class.getClassLoader(), new Class<?>[] {S3Client.class}, (proxy, method, arguments) -> {
                    boolean isPut = method.getName().equals("putObject");
                    if (isPut) {
                        before.run();
                        put.set(true);
                    } else if (put.get()) {
                        after.run();
                    }
                    try {
                        return method.invoke(client, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        new S3Storage(new Bucket(around, options), "S3", new VersionClock(InstantSource.system()), true)
                .store(DOCUMENT, "late".getBytes(StandardCharsets.UTF_8), StateVector.empty());
    }

    /** Keys of all objects of the document that are versions. */
    private List<String> versions() {
        return client.listObjectsV2(request -> request.bucket(bucket()).prefix(FOLDER + "w1-0")).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    private String bucket() {
        return options.address().bucket();
    }
}
