package dev.weft.yjs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Compared with the decoder of the JDK, which is as strict as TextDecoder's fatal mode. */
class Utf8Test {
    private static final List<byte[]> SAMPLES = List.of(
            "plain text, longer than eight bytes".getBytes(UTF_8),
            "naïve ü ñ ä ö".getBytes(UTF_8),
            "文字と\uFEFF\uD7FF\uE000\uFFFF".getBytes(UTF_8),
            "a😀b🎉c\uDBFF\uDFFF 𐀀".getBytes(UTF_8));

    @Test
    void exactlyTheTextsThatDecodersTakeAreTakenAndMeasuredInUtf16() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int valid = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = Mutations.of(SAMPLES, random);
            int expected = decodedLength(bytes);
            assertThat(checkedLength(bytes))
                    .as("seed %s, bytes %s", seed, Arrays.toString(bytes))
                    .isEqualTo(expected);
            if (expected >= 0) {
                valid++;
                assertThat(Utf8.utf16Length(bytes, 0, bytes.length)).isEqualTo(expected);
            }
        }
        assertThat(valid).isGreaterThan(10_000);
    }

    private static int checkedLength(byte[] bytes) {
        try {
            return Utf8.check(bytes, 0, bytes.length);
        } catch (MalformedException e) {
            return -1;
        }
    }

    private static int decodedLength(byte[] bytes) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).length();
        } catch (CharacterCodingException e) {
            return -1;
        }
    }

    @Test
    void offsetsCountUtf16UnitsAndTellOfCutPairs() {
        for (byte[] bytes : SAMPLES) {
            String text = new String(bytes, UTF_8);
            for (int units = 0; units <= text.length(); units++) {
                boolean cutsPair = units > 0 && units < text.length() && Character.isLowSurrogate(text.charAt(units));
                int end = text.substring(0, cutsPair ? units + 1 : units).getBytes(UTF_8).length;
                assertThat(Utf8.offset(bytes, 0, bytes.length, units)).isEqualTo(cutsPair ? ~end : end);
            }
        }
    }

    @Test
    void halfASurrogatePairIsEncodedAsReplacementCharacter() {
        assertThat(Utf8.encode("a\uD83D-\uDE00😀")).isEqualTo("a\uFFFD-\uFFFD😀".getBytes(UTF_8));
    }
}
