package dev.weft.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.yjs.StateVector;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What {@link DocumentStorage} promises of documents that are erased. A part of {@link DocumentStorageContract}. */
abstract class ErasureContract extends ConcurrentStorageContract {
    /** How far the clocks of this process and of the storage may be apart. */
    private static final Duration CLOCKS = Duration.ofMinutes(1);

    private static final int STORERS = 4;

    @Test
    void eraseTakesAllVersionsOfOneDocumentAndSaysWhatItTook() {
        DocumentId document = document();
        DocumentId neighbour = new DocumentId(document.room(), document.name() + "x");
        store(document, "1");
        store(document, "22");
        store(neighbour, "3");
        long bytes =
                storage().list(document).stream().mapToLong(VersionInfo::bytes).sum();

        Erasure erasure = storage().erase(document);

        assertThat(erasure.at())
                .isBetween(Instant.now().minus(CLOCKS), Instant.now().plus(CLOCKS));
        assertThat(erasure.versions()).isEqualTo(2);
        assertThat(erasure.bytes()).isEqualTo(bytes).isGreaterThanOrEqualTo(3);
        assertThatNothingIsThere(storage(), document);
        assertThat(storage().load(neighbour)).hasSize(1);
        assertThat(storage().erasedAt(neighbour)).isEmpty();
        assertThat(storage().inventory(neighbour))
                .isEqualTo(new Inventory(storage().list(neighbour), Optional.empty()));
    }

    @Test
    void repeatedEraseSaysSinceWhenAndFindsNothing() {
        DocumentId document = document();
        store(document, "1");

        Erasure first = storage().erase(document);
        Erasure second = openAnother().erase(document);

        assertThat(first.versions()).isEqualTo(1);
        assertThat(second).isEqualTo(new Erasure(first.at(), 0, 0));
    }

    @Test
    void erasedDocumentIsErasedForEveryInstance() {
        DocumentId document = document();
        DocumentStorage other = openAnother();
        assertThat(other.erasedAt(document)).isEmpty();
        VersionReference reference = store(document, "1");

        Erasure erasure = storage().erase(document);

        assertThat(other.erasedAt(document)).contains(erasure.at());
        assertThat(other.inventory(document)).isEqualTo(new Inventory(List.of(), Optional.of(erasure.at())));
        assertThatNothingIsThere(other, document);
        assertThat(other.load(document, List.of(reference))).isEmpty();
        assertThatThrownBy(() -> other.store(document, bytes("2"), StateVector.empty()))
                .isInstanceOf(DocumentErasedException.class)
                .hasMessageContaining(document.room());
        assertThatNothingIsThere(other, document);
    }

    @Test
    void documentThatWasNeverStoredCanBeErased() {
        DocumentId document = document();

        Erasure erasure = storage().erase(document);

        assertThat(erasure.versions()).isZero();
        assertThat(storage().erasedAt(document)).contains(erasure.at());
        assertThatThrownBy(() -> store(document, "1")).isInstanceOf(DocumentErasedException.class);
    }

    @Test
    void allowedDocumentBeginsEmptyAndMayBeStoredAndErasedAgain() {
        DocumentId document = document();
        DocumentStorage other = openAnother();
        VersionReference old = store(document, "old");
        storage().erase(document);

        other.allow(document);
        assertThat(storage().erasedAt(document)).isEmpty();
        assertThatNothingIsThere(storage(), document);

        VersionReference first = store(document, "new");
        VersionReference second = other.store(document, bytes("newer"), StateVector.empty());
        assertThat(storage().load(document))
                .extracting(StoredVersion::reference)
                .containsExactlyInAnyOrder(first, second)
                .doesNotContain(old);
        assertThat(other.load(document, List.of(first, old)))
                .extracting(version -> text(version.update()))
                .containsExactly("new");
        storage().discard(document, List.of(first));
        assertThat(storage().list(document)).extracting(VersionInfo::reference).containsExactly(second);

        assertThat(storage().erase(document).versions()).isEqualTo(1);
        assertThatNothingIsThere(other, document);
        assertThatThrownBy(() -> store(document, "newest")).isInstanceOf(DocumentErasedException.class);
    }

    @Test
    void allowLeavesADocumentAsItIsThatWasNotErased() {
        DocumentId document = document();
        VersionReference reference = store(document, "1");

        storage().allow(document);
        storage().allow(document);

        assertThat(storage().load(document))
                .extracting(StoredVersion::reference)
                .containsExactly(reference);
    }

    /** A worker that read a document and is about to store must not bring it back. */
    @Test
    void noStoreThatRacesAnEraseBringsTheDocumentBack() throws Exception {
        int rounds = Math.max(4, rounds() / 20);
        for (int round = 0; round < rounds; round++) {
            DocumentId document = document();
            Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
            CountDownLatch begun = new CountDownLatch(STORERS);
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < STORERS; i++) {
                    DocumentStorage storer = i == 0 ? openAnother() : storage();
                    Future<?> ignored = executor.submit(() -> storeUntilErased(storer, document, begun, failures));
                }
                begun.await();
                storage().erase(document);
                assertThatNothingIsThere(storage(), document);
                // Closing waits for the storers, each of which ends when it meets the tombstone.
            }

            assertThat(failures)
                    .hasSize(STORERS)
                    .allSatisfy(failure -> assertThat(failure).isInstanceOf(DocumentErasedException.class));
            assertThatNothingIsThere(storage(), document);
            assertThat(storage().erase(document).versions()).isZero();
            storage().allow(document);
            assertThatNothingIsThere(storage(), document);
        }
    }

    private static void storeUntilErased(
            DocumentStorage storage, DocumentId document, CountDownLatch begun, Queue<Throwable> failures) {
        try {
            while (true) {
                storage.store(document, bytes("from before"), StateVector.empty());
                begun.countDown();
            }
        } catch (RuntimeException | Error e) {
            failures.add(e);
            begun.countDown();
        }
    }

    private VersionReference store(DocumentId document, String update) {
        return storage().store(document, bytes(update), StateVector.empty());
    }

    private static void assertThatNothingIsThere(DocumentStorage storage, DocumentId document) {
        assertThat(storage.load(document)).isEmpty();
        assertThat(storage.list(document)).isEmpty();
    }
}
