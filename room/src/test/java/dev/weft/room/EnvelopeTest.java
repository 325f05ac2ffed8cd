package dev.weft.room;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
    @Test
    void kindsAreToldApart() {
        assertThat(Envelope.decode("\1\0031-2xyz".getBytes(ISO_8859_1)))
                .usingRecursiveComparison()
                .isEqualTo(new Envelope.Whole(new EntryId(1, 2), "xyz".getBytes(ISO_8859_1)));
        assertThat(Envelope.decode("\2\0031-2".getBytes(ISO_8859_1)))
                .isEqualTo(new Envelope.Announced(new EntryId(1, 2)));
        assertThat(Envelope.decode("\3abc".getBytes(ISO_8859_1)))
                .usingRecursiveComparison()
                .isEqualTo(new Envelope.Presence("abc".getBytes(ISO_8859_1)));
        assertThat(Envelope.decode("\4".getBytes(ISO_8859_1))).isEqualTo(new Envelope.Erased());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\1", "\1\4", "\1\0041-2", "\1\0031+2", "\0\0031-2", "\4abc", "hello"})
    void strangeBytesAreRefused(String bytes) {
        assertThatThrownBy(() -> Envelope.decode(bytes.getBytes(ISO_8859_1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
