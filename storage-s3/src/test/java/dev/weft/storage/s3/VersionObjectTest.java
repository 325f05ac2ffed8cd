package dev.weft.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.storage.DocumentId;
import dev.weft.storage.StorageException;
import dev.weft.yjs.StateVector;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class VersionObjectTest {
    private static final DocumentId DOCUMENT = new DocumentId("rööm", "index");
    private static final StateVector STATE_VECTOR = StateVector.decode(new byte[] {1, 5, 7});
    private static final byte[] UPDATE = "update".getBytes(StandardCharsets.UTF_8);

    @Test
    void comesBackAsItWasWritten() throws IOException {
        VersionObject read = read(written());

        assertThat(read.document()).isEqualTo(DOCUMENT);
        assertThat(read.stateVector()).isEqualTo(STATE_VECTOR);
        assertThat(read.update()).isEqualTo(UPDATE);
    }

    @Test
    void layoutIsWhatItsJavadocSays() throws IOException {
        assertThat(written())
                .startsWith('W', 'E', 'F', 'T', 1)
                .containsSequence(0, 0, 0, 6, 0, 0, 0, 5, 0, 0, 0, 3, 0, 0, 0, 6)
                .endsWith(UPDATE)
                .hasSize(25 + 6 + 5 + 3 + 6);
    }

    @Test
    void everyTruncationIsRejected() throws IOException {
        byte[] whole = written();
        for (int length = 0; length < whole.length; length++) {
            byte[] truncated = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(truncated)).isInstanceOf(StorageException.class);
        }
    }

    @Test
    void everyFlippedBitIsRejected() throws IOException {
        byte[] whole = written();
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> read(flipped)).as("bit %s", bit).isInstanceOf(StorageException.class);
        }
    }

    @Test
    void versionOfAnotherDocumentIsRejected() throws IOException {
        byte[] whole = written();

        assertThatThrownBy(() -> VersionObject.read(
                        new DocumentId("room", "index"), new ByteArrayInputStream(whole), whole.length))
                .isInstanceOf(StorageException.class)
                .hasMessage("it belongs to another document");
    }

    @Test
    void laterFormatIsRejectedByItsNumber() throws IOException {
        byte[] later = written();
        later[4] = 2;

        assertThatThrownBy(() -> read(later))
                .isInstanceOf(StorageException.class)
                .hasMessage("its format is 2, this version of Weft knows 1");
    }

    @Test
    void streamThatEndsBeforeItsLengthIsAFailedReadNotABadObject() throws IOException {
        byte[] whole = written();
        byte[] cut = Arrays.copyOf(whole, whole.length - 1);

        assertThatThrownBy(() -> VersionObject.read(DOCUMENT, new ByteArrayInputStream(cut), whole.length))
                .isInstanceOf(EOFException.class);
    }

    private static byte[] written() throws IOException {
        return open(new VersionObject(DOCUMENT, STATE_VECTOR, UPDATE).content()).readAllBytes();
    }

    private static VersionObject read(byte[] bytes) throws IOException {
        return VersionObject.read(DOCUMENT, new ByteArrayInputStream(bytes), bytes.length);
    }

    private static InputStream open(Content content) {
        return content.open(0, content.length());
    }

    @Test
    void everySliceOfAContentHasItsBytes() throws IOException {
        Content content = new Content(new byte[] {0, 1, 2}, new byte[] {3, 4, 5, 6});
        for (int from = 0; from <= 7; from++) {
            for (int length = 0; from + length <= 7; length++) {
                byte[] bytes = content.open(from, length).readAllBytes();
                assertThat(bytes).hasSize(length);
                for (int i = 0; i < length; i++) {
                    assertThat(bytes[i]).isEqualTo((byte) (from + i));
                }
            }
        }
    }
}
