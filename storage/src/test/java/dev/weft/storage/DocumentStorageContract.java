package dev.weft.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.weft.yjs.StateVector;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@link DocumentStorage} promises, as tests. Whoever writes a storage extends this class beside it and runs it on the real service.
 * {@link ErasureContract} and {@link ConcurrentStorageContract} are parts of it and are run with it.
 */
public abstract class DocumentStorageContract extends ErasureContract {
    private static final int MANY = 1_100; // more than a page of S3
    private static final StateVector STATE_VECTOR = stateVector(9_007_199_254_740_991L, 3, 1, 300);

    // Names that some storage or other would take for something else: separators, escapes, wildcards, quotes, parts of
    // paths.
    private static final List<String> ODD_NAMES = List.of(
            "",
            "a",
            "A",
            "a/b",
            "a/b/c",
            "b/c",
            "c",
            "/",
            "//",
            "/a",
            "a/",
            ".",
            "..",
            "../a",
            "%",
            "%2F",
            "a%2Fb",
            "a%252Fb",
            "a b",
            "a+b",
            " a",
            "a ",
            "a\\b",
            "a'b",
            "a\"b",
            "a''b",
            "a;b",
            "a:b",
            "a?b#c&d=e",
            "a*b_",
            "a~b",
            "a=b",
            "=",
            "é",
            "e\u0301",
            "日本語",
            "😀",
            "a\u0000b",
            "a\u0000",
            "a\\000b",
            "\u0001\u001F\u007F",
            "\t",
            "\r\n",
            "\uFEFFa",
            "null");

    @Test
    void unknownDocumentHasNoVersions() {
        assertThat(storage().load(document())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 255, 8_192, 1_000_003, 8 * 1024 * 1024})
    void bytesComeBackExactly(int length) {
        DocumentId document = document();
        byte[] update = randomBytes(length);

        VersionReference reference = storage().store(document, update, STATE_VECTOR);

        StoredVersion version = onlyVersion(document);
        assertThat(version.reference()).isEqualTo(reference);
        assertThat(version.update()).isEqualTo(update);
        assertThat(version.stateVector()).isEqualTo(STATE_VECTOR);
    }

    @Test
    void emptyStateVectorComesBack() {
        DocumentId document = document();

        storage().store(document, bytes("x"), StateVector.empty());

        assertThat(onlyVersion(document).stateVector()).isEqualTo(StateVector.empty());
    }

    @Test
    void largeStateVectorComesBack() {
        DocumentId document = document();
        long[] entries = IntStream.range(0, 40_000).mapToLong(i -> i + 1L).toArray();
        StateVector large = stateVector(entries);

        storage().store(document, bytes("x"), large);

        assertThat(onlyVersion(document).stateVector()).isEqualTo(large);
    }

    @Test
    void storedAndLoadedArraysBelongToTheirReceivers() {
        DocumentId document = document();
        byte[] update = bytes("original");
        storage().store(document, update, STATE_VECTOR);

        update[0] = 'X';
        onlyVersion(document).update()[1] = 'X';

        assertThat(onlyVersion(document).update()).isEqualTo(bytes("original"));
    }

    @Test
    void equalVersionsAreKeptApart() {
        DocumentId document = document();

        VersionReference one = storage().store(document, bytes("same"), STATE_VECTOR);
        VersionReference other = storage().store(document, bytes("same"), STATE_VECTOR);

        assertThat(one).isNotEqualTo(other);
        assertThat(storage().load(document))
                .extracting(StoredVersion::reference)
                .containsExactlyInAnyOrder(one, other);
    }

    @Test
    void storedAndDiscardedVersionsShowInOtherInstancesAtOnce() {
        DocumentId document = document();
        DocumentStorage other = openAnother();

        VersionReference reference = storage().store(document, bytes("x"), STATE_VECTOR);
        assertThat(other.load(document)).extracting(StoredVersion::reference).containsExactly(reference);

        other.discard(document, List.of(reference));
        assertThat(storage().load(document)).isEmpty();
    }

    @Test
    void versionsOutliveTheInstanceThatStoredThem() {
        DocumentId document = document();
        DocumentStorage other = openAnother();
        other.store(document, bytes("x"), STATE_VECTOR);

        other.close();

        assertThat(onlyVersion(document).update()).isEqualTo(bytes("x"));
    }

    @Test
    void listHasTheVersionsWithTheirSizesAndTimes() {
        DocumentId document = document();
        assertThat(storage().list(document)).isEmpty();
        VersionReference small = storage().store(document, bytes("1"), STATE_VECTOR);
        VersionReference large = storage().store(document, randomBytes(1_000_000), STATE_VECTOR);
        VersionReference gone = storage().store(document, bytes("2"), STATE_VECTOR);
        openAnother().discard(document, List.of(gone));

        List<VersionInfo> versions = storage().list(document);
        assertThat(storage().inventory(document).versions()).containsExactlyInAnyOrderElementsOf(versions);
        assertThat(storage().inventory(document).erasedAt()).isEmpty();

        assertThat(versions).extracting(VersionInfo::reference).containsExactlyInAnyOrder(small, large);
        for (VersionInfo version : versions) {
            long update = version.reference().equals(small) ? 1 : 1_000_000;
            assertThat(version.bytes()).isBetween(update, update + 4_096);
            // The storage's clock, which may be another machine's.
            assertThat(version.storedAt())
                    .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
        }
    }

    @Test
    void chosenVersionsAreLoadedAndThoseThatAreGoneLeftOut() {
        DocumentId document = document();
        DocumentId neighbour = document();
        VersionReference first = storage().store(document, bytes("1"), STATE_VECTOR);
        VersionReference second = storage().store(document, bytes("2"), STATE_VECTOR);
        VersionReference third = storage().store(document, bytes("3"), StateVector.empty());
        VersionReference theirs = storage().store(neighbour, bytes("4"), STATE_VECTOR);
        storage().discard(document, List.of(second));

        List<StoredVersion> versions = openAnother()
                .load(document, List.of(third, second, first, first, theirs, new VersionReference("not a reference")));

        assertThat(versions)
                .extracting(StoredVersion::reference, version -> text(version.update()), StoredVersion::stateVector)
                .containsExactlyInAnyOrder(tuple(first, "1", STATE_VECTOR), tuple(third, "3", StateVector.empty()));
        assertThat(storage().load(document, List.of())).isEmpty();
        assertThat(storage().load(document, List.of(third)))
                .extracting(StoredVersion::reference)
                .containsExactly(third);
    }

    @Test
    void discardTakesTheNamedVersionsAndNoOthers() {
        DocumentId document = document();
        VersionReference first = storage().store(document, bytes("1"), STATE_VECTOR);
        VersionReference second = storage().store(document, bytes("2"), STATE_VECTOR);
        VersionReference third = storage().store(document, bytes("3"), STATE_VECTOR);

        storage().discard(document, List.of(first, third));

        assertThat(onlyVersion(document).reference()).isEqualTo(second);
    }

    @Test
    void discardMayBeRepeated() {
        DocumentId document = document();
        VersionReference gone = storage().store(document, bytes("1"), STATE_VECTOR);
        VersionReference stays = storage().store(document, bytes("2"), STATE_VECTOR);

        storage().discard(document, List.of(gone, gone));
        storage().discard(document, List.of(gone));
        storage().discard(document, List.of());

        assertThat(onlyVersion(document).reference()).isEqualTo(stays);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "-1",
                "99999999999999999999999",
                "not a reference",
                "../x",
                "*",
                "%",
                "018f0000-0000-7000-8000-000000000000",
                "\u0000"
            })
    void unknownReferenceIsPassedOver(String value) {
        DocumentId document = document();
        VersionReference gone = storage().store(document, bytes("1"), STATE_VECTOR);
        VersionReference stays = storage().store(document, bytes("2"), STATE_VECTOR);

        storage().discard(document, List.of(new VersionReference(value + "?"), gone, new VersionReference(value)));

        // InMemoryStorage counts from 0: there, "0" names the first version, which goes anyway.
        assertThat(onlyVersion(document).reference()).isEqualTo(stays);
    }

    @Test
    void referenceOfAnotherDocumentIsPassedOver() {
        DocumentId document = document();
        DocumentId other = document();
        VersionReference ours = storage().store(document, bytes("ours"), STATE_VECTOR);
        VersionReference theirs = storage().store(other, bytes("theirs"), STATE_VECTOR);

        storage().discard(document, List.of(theirs));

        assertThat(onlyVersion(document).reference()).isEqualTo(ours);
        assertThat(onlyVersion(other).reference()).isEqualTo(theirs);
    }

    @Test
    void referencesAreNeverUsedAgain() {
        DocumentId document = document();
        Set<VersionReference> seen = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            VersionReference reference = storage().store(document, bytes("x"), STATE_VECTOR);
            assertThat(seen.add(reference)).isTrue();
            if (i % 2 == 0) {
                storage().discard(document, List.of(reference));
            } else {
                storage().erase(document);
                storage().allow(document);
            }
        }
    }

    @Test
    void manyVersionsAreLoadedDiscardedAndErased() {
        DocumentId document = document();
        Map<VersionReference, String> stored = new ConcurrentHashMap<>();
        inParallel(MANY, i -> stored.put(storage().store(document, bytes("v" + i), STATE_VECTOR), "v" + i));
        assertThat(stored).hasSize(MANY);

        List<StoredVersion> loaded = storage().load(document);
        assertThat(loaded).hasSize(MANY);
        assertThat(loaded)
                .allSatisfy(version -> assertThat(version.update())
                        .isEqualTo(bytes(stored.getOrDefault(version.reference(), "unknown"))));

        List<VersionReference> references =
                loaded.stream().map(StoredVersion::reference).toList();
        storage().discard(document, references.subList(0, MANY - 1));
        assertThat(onlyVersion(document).reference()).isEqualTo(references.getLast());

        inParallel(MANY, i -> storage().store(document, bytes("w" + i), STATE_VECTOR));
        assertThat(storage().list(document)).hasSize(MANY + 1);
        assertThat(storage().erase(document).versions()).isEqualTo(MANY + 1);
        assertThat(storage().load(document)).isEmpty();
    }

    @Test
    void documentsNeverMixWhateverTheirNames() {
        // Every odd name as a room, and as a name within one, so that "a" + "b/c" meets "a/b" + "c".
        List<DocumentId> documents = new ArrayList<>();
        for (String room : ODD_NAMES) {
            for (String name : ODD_NAMES.subList(0, 12)) {
                documents.add(new DocumentId(prefixed(room), name));
            }
        }
        ODD_NAMES.forEach(name -> documents.add(new DocumentId(prefixed("r"), name)));
        // Those whose meaning a prefix would hide.
        for (String bare : List.of("", ".", "..", "/", "../..", "%2E%2E")) {
            documents.add(new DocumentId(bare, prefixed("name")));
        }

        inParallel(documents.size(), i -> {
            DocumentId document = documents.get(i);
            storage().store(document, bytes(document.toString()), STATE_VECTOR);
        });

        ConcurrentLinkedQueue<DocumentId> mixed = new ConcurrentLinkedQueue<>();
        inParallel(documents.size(), i -> {
            DocumentId document = documents.get(i);
            List<String> updates = storage().load(document).stream()
                    .map(version -> text(version.update()))
                    .toList();
            if (!updates.equals(List.of(document.toString()))) {
                mixed.add(document);
            }
        });
        assertThat(mixed).isEmpty();

        storage().erase(documents.getFirst());
        assertThat(storage().load(documents.getFirst())).isEmpty();
        assertThat(storage().load(documents.get(1))).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("longestNames")
    void longestNamesAreKeptApart(String fill) {
        String most = fill.repeat((DocumentId.MAX_BYTES - 40) / bytes(fill).length);
        DocumentId one = new DocumentId(prefixed(most + "1"), most + "1");
        DocumentId other = new DocumentId(one.room(), most + "2");
        DocumentId third = new DocumentId(one.room().substring(0, one.room().length() - 1) + "2", one.name());

        storage().store(one, bytes("one"), STATE_VECTOR);
        storage().store(other, bytes("other"), STATE_VECTOR);
        storage().store(third, bytes("third"), STATE_VECTOR);

        assertThat(onlyVersion(one).update()).isEqualTo(bytes("one"));
        assertThat(onlyVersion(other).update()).isEqualTo(bytes("other"));
        assertThat(onlyVersion(third).update()).isEqualTo(bytes("third"));
        storage().erase(one);
        assertThat(storage().load(one)).isEmpty();
        assertThat(storage().load(other)).hasSize(1);
    }

    static List<String> longestNames() {
        return List.of("a", "/", "\u0000", "😀", "日");
    }

    @Test
    void longestNamesThatDoNotCompressAreKept() {
        Random random = seeded();
        DocumentId document = new DocumentId(randomText(random), randomText(random));

        storage().store(document, bytes("x"), STATE_VECTOR);

        assertThat(onlyVersion(document).update()).isEqualTo(bytes("x"));
    }

    @Test
    void closedStorageThrows() {
        DocumentId document = document();
        DocumentStorage closed = openAnother();
        VersionReference reference = closed.store(document, bytes("x"), STATE_VECTOR);

        closed.close();

        assertThatThrownBy(() -> closed.load(document)).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> closed.store(document, bytes("y"), STATE_VECTOR))
                .isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> closed.discard(document, List.of(reference))).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> closed.load(document, List.of(reference))).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> closed.list(document)).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> closed.erase(document)).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> closed.erasedAt(document)).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> closed.allow(document)).isInstanceOf(StorageException.class);
        assertThatCode(closed::close).doesNotThrowAnyException();
        assertThat(onlyVersion(document).reference()).isEqualTo(reference);
    }

    @AfterEach
    void closeWhatWasOpened() {
        closeAll();
    }

    private static String randomText(Random random) {
        return random.ints(DocumentId.MAX_BYTES, 0x20, 0x7F)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private StoredVersion onlyVersion(DocumentId document) {
        List<StoredVersion> versions = storage().load(document);
        assertThat(versions).hasSize(1);
        return versions.getFirst();
    }

    /** Of client, clock, client, clock and so on. */
    private static StateVector stateVector(long... pairs) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        varUint(out, pairs.length / 2);
        for (long number : pairs) {
            varUint(out, number);
        }
        return StateVector.decode(out.toByteArray());
    }

    private static void varUint(ByteArrayOutputStream out, long number) {
        long rest = number;
        while (rest > 0x7F) {
            out.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
