package dev.weft.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MultipartFormTest {
    private static final String TYPE = "multipart/form-data; boundary=abc";
    private static final String FORM = String.join(
            "\r\n",
            "--abc",
            "Content-Disposition: form-data; name=\"other\"",
            "",
            "no",
            "--abc",
            "Content-Type: application/octet-stream",
            "content-disposition: form-data; filename=\"x\"; name=\"ydoc\"",
            "",
            "\0\r\n--ab\r\u00ff",
            "--abc--",
            "");

    @Test
    void theFieldIsFoundWithItsBytesUntouched() {
        assertThat(MultipartForm.field(TYPE, FORM.getBytes(ISO_8859_1), "ydoc"))
                .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo("\0\r\n--ab\r\u00ff".getBytes(ISO_8859_1)));
    }

    @Test
    void theBoundaryMayStandInQuotes() {
        String type = "Multipart/Form-Data; charset=utf-8; boundary=\"abc\"";
        assertThat(MultipartForm.field(type, FORM.getBytes(ISO_8859_1), "other"))
                .hasValueSatisfying(bytes -> assertThat(bytes).asString().isEqualTo("no"));
    }

    @Test
    void aMissingFieldIsNoError() {
        assertThat(MultipartForm.field(TYPE, FORM.getBytes(ISO_8859_1), "absent"))
                .isEmpty();
    }

    @Test
    void everyTruncationBeforeTheEndOfTheFieldIsRefused() {
        byte[] form = FORM.getBytes(ISO_8859_1);
        int end = FORM.lastIndexOf("--abc--") + "--abc".length();
        for (int length = 0; length < end; length++) {
            byte[] cut = java.util.Arrays.copyOf(form, length);
            assertThatThrownBy(() -> MultipartForm.field(TYPE, cut, "ydoc"))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching("malformed form: .* at byte \\d+");
        }
    }

    @Test
    void otherContentTypesAreRefused() {
        for (String type :
                new String[] {"", "application/json", "multipart/form-data", "multipart/form-data; boundary="}) {
            assertThatThrownBy(() -> MultipartForm.field(type, FORM.getBytes(ISO_8859_1), "ydoc"))
                    .hasMessage("Content-Type is not multipart/form-data with a boundary");
        }
    }

    @Test
    void endlessPartsAndHeadersAreRefused() {
        String parts = "--abc\r\nA: b\r\n\r\n".repeat(1) + "\r\n--abc\r\nA: b\r\n\r\n".repeat(20) + "\r\n--abc--";
        assertThatThrownBy(() -> MultipartForm.field(TYPE, parts.getBytes(ISO_8859_1), "ydoc"))
                .hasMessageContaining("more than 16 parts");
        String headers = "--abc\r\n" + "A: b\r\n".repeat(2000) + "\r\n\r\n--abc--";
        assertThatThrownBy(() -> MultipartForm.field(TYPE, headers.getBytes(ISO_8859_1), "ydoc"))
                .hasMessageContaining("no end of a part's headers");
    }

    @Test
    void randomDamageEndsInAnAnswerOrARefusal() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] form = FORM.getBytes(ISO_8859_1);
            for (int flips = random.nextInt(6); flips >= 0; flips--) {
                form[random.nextInt(form.length)] = "\r\n-abc\0".getBytes(ISO_8859_1)[random.nextInt(7)];
            }
            try {
                MultipartForm.field(TYPE, form, "ydoc");
            } catch (IllegalArgumentException expected) {
                assertThat(expected).as("seed %d", seed).hasMessageStartingWith("malformed form");
            }
        }
    }
}
