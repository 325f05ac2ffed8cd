package dev.weft.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentIdTest {
    private static final String EMOJI = "😀"; // two chars, four bytes

    @Test
    void roomOpensTheDocumentIndex() {
        assertThat(DocumentId.ofRoom("r")).isEqualTo(new DocumentId("r", "index"));
    }

    @Test
    void lengthIsLimitedInBytesNotInChars() {
        assertThatCode(() -> new DocumentId("a".repeat(1024), EMOJI.repeat(256)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> new DocumentId("a".repeat(1025), "index"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a room has at most 1024 bytes in UTF-8");
        assertThatThrownBy(() -> new DocumentId("a", EMOJI.repeat(256) + "a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a document name has at most 1024 bytes in UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD83D", "a\uDE00", "\uDE00\uD83D"})
    void halfOfASurrogatePairIsRefused(String notText) {
        assertThatThrownBy(() -> DocumentId.ofRoom(notText))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the room is no text: a surrogate stands alone");
    }
}
