package dev.weft.yjs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSyntaxTest {
    /** Valid texts for mutations to start from. */
    static List<byte[]> samples() {
        return Stream.of(
                        "{\"a\":[1,-2.5e+10,true,false,null,\"x\\u00e4\\n\\\"\"],\"b\":{}}",
                        "[]",
                        " [ 1 , { \"k\" : \"v\" } ] ",
                        "-0.0E-1",
                        "\"文字\\\\\\/\\b\"",
                        "0",
                        "{\"user\":{\"name\":\"Ann\",\"color\":\"#30bced\"},\"cursor\":null}")
                .map(text -> text.getBytes(UTF_8))
                .toList();
    }

    static boolean isJson(byte[] text) {
        try {
            JsonSyntax.check(text, 0, text.length);
            return true;
        } catch (MalformedException e) {
            return false;
        }
    }

    static boolean isUtf8(byte[] text) {
        try {
            Utf8.check(text, 0, text.length);
            return true;
        } catch (MalformedException e) {
            return false;
        }
    }

    @Test
    void samplesAreJson() {
        assertThat(samples()).allMatch(JsonSyntaxTest::isJson);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "undefined",
                "NaN",
                "01",
                "1.",
                ".5",
                "+1",
                "-",
                "1e",
                "[1,]",
                "[,1]",
                "{\"a\":1,}",
                "{a:1}",
                "{\"a\" 1}",
                "\"",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\\u12\"",
                "\"\t\"",
                "tru",
                "nulll",
                "[1 2]",
                "[",
                "{",
                "{\"a\":",
                "1 2",
                "'a'",
                "\u00a01"
            })
    void whatIsNoJsonIsRejected(String text) {
        assertThat(isJson(text.getBytes(UTF_8))).isFalse();
    }

    @Test
    void depthIsBounded() {
        assertThat(isJson(nested(JsonSyntax.MAX_DEPTH))).isTrue();
        byte[] tooDeep = nested(JsonSyntax.MAX_DEPTH + 1);
        assertThatThrownBy(() -> JsonSyntax.check(tooDeep, 0, tooDeep.length))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("500 levels");
        assertThat(isJson("[".repeat(10_000_000).getBytes(UTF_8))).isFalse();
    }

    private static byte[] nested(int depth) {
        return ("[".repeat(depth) + "]".repeat(depth)).getBytes(UTF_8);
    }

    @Test
    void nullIsRecognisedWithWhitespaceOrWithout() {
        assertThat(JsonSyntax.isNull("null".getBytes(UTF_8))).isTrue();
        assertThat(JsonSyntax.isNull(" \tnull\r\n".getBytes(UTF_8))).isTrue();
        assertThat(JsonSyntax.isNull("\"null\"".getBytes(UTF_8))).isFalse();
        assertThat(JsonSyntax.isNull("nul".getBytes(UTF_8))).isFalse();
        assertThat(JsonSyntax.isNull(new byte[0])).isFalse();
    }
}
