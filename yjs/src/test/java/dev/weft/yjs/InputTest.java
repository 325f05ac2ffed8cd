package dev.weft.yjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputTest {
    private static Input of(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return Input.checking(bytes, 0, bytes.length);
    }

    @ParameterizedTest
    @CsvSource({
        "00, 0",
        "7f, 127",
        "8001, 128",
        "ffffffff0f, 4294967295",
        "ffffffffffffff0f, 9007199254740991",
        // Longer than needed, but lib0 reads it the same.
        "8000, 0",
        "ffffffffffffff8f8000, 9007199254740991",
    })
    void varUintsOfLib0AreRead(String hex, long value) {
        Input in = of(hex);
        assertThat(in.varUint()).isEqualTo(value);
        in.expectEnd();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ffffffffffffff10", "ffffffffffffffff7f", "80808080808080808001", "8080808080808080808000"})
    void integersBeyond53BitsAreRejected(String hex) {
        assertThatThrownBy(() -> of(hex).varUint())
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("53 bits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "80", "ffffff"})
    void truncatedIntegersAreRejected(String hex) {
        assertThatThrownBy(() -> of(hex).varUint()).isInstanceOf(MalformedException.class);
    }

    @Test
    void whatOutputWritesInputReads() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            long value = random.nextLong() >>> (11 + random.nextInt(53));
            boolean negative = random.nextBoolean();
            byte[] bytes = new Output(1).varUint(value).varInt(value, negative).toByteArray();
            Input in = Input.trusting(bytes);
            assertThat(in.varUint()).isEqualTo(value);
            assertThat(in.position()).isEqualTo(Output.varUintSize(value));
            assertThat(in.signedVarInt()).isEqualTo(value << 1 | (negative ? 1 : 0));
            in.expectEnd();
        }
    }

    @Test
    void countsAreComparedWithTheBytesThatRemain() {
        assertThat(of("02aaaaaaaa").count(2, "things")).isEqualTo(2);
        assertThatThrownBy(() -> of("03aaaaaaaa").count(2, "things"))
                .isInstanceOf(MalformedException.class)
                .hasMessage("room for 3 things was expected at byte 0");
        assertThatThrownBy(() -> of("ffffffffffffff0f00").count(1, "things")).isInstanceOf(MalformedException.class);
    }
}
