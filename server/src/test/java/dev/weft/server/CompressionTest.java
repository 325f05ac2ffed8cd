package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.yjs.MalformedException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class CompressionTest {
    private static final int DEFLATED = 0xc2;
    private static final int PLAIN = 0x82;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 1_023, 1_024, 8_191, 8_192, 8_193, 100_000})
    void whatAClientCompressesIsInflated(int length) {
        byte[] message = text(length);
        assertThat(Inflation.inflate(deflated(message), 100_000)).isEqualTo(message);
    }

    @Test
    void noMoreThanTheLimitIsInflated() {
        byte[] message = text(10_000);
        assertThat(Inflation.inflate(deflated(message), 10_000)).isEqualTo(message);
        assertThat(Inflation.inflate(deflated(message), 9_999)).isNull();
        // A hundred megabytes in a hundred kilobytes.
        byte[] bomb = deflated(new byte[100 << 20]);
        assertThat(bomb.length).isLessThan(200_000);
        assertThat(Inflation.inflate(bomb, 1 << 20)).isNull();
    }

    @Test
    void whatIsNotCompressedIsMalformed() {
        Random random = new Random(1);
        int malformed = 0;
        for (int i = 0; i < 1_000; i++) {
            byte[] garbage = new byte[1 + random.nextInt(100)];
            random.nextBytes(garbage);
            try {
                Inflation.inflate(garbage, 1_000);
            } catch (MalformedException e) {
                malformed++;
            }
        }
        assertThat(malformed).isGreaterThan(500);
        assertThatThrownBy(() -> Inflation.inflate(new byte[] {(byte) 0xff, (byte) 0xff}, 100))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void onlyWhatGainsByItIsCompressed() {
        byte[] small = text(Deflation.MIN_BYTES - 1);
        byte[] good = text(Deflation.MIN_BYTES);
        byte[] noise = new byte[5_000];
        new Random(1).nextBytes(noise);
        byte[] large = text(Deflation.MAX_BYTES + 1);
        assertThat(Deflation.pays(List.of(small, large))).isFalse();
        assertThat(Deflation.pays(List.of(small, good))).isTrue();
        ByteBuf frames = Deflation.frames(ByteBufAllocator.DEFAULT, List.of(small, good, noise, large, good));
        List<byte[]> payloads = new ArrayList<>();
        Frames.payloads(frames, payloads);
        assertThat(payloads.get(0)).isEqualTo(small);
        assertThat(payloads.get(1)).hasSizeLessThan(good.length);
        assertThat(Inflation.inflate(payloads.get(1), good.length)).isEqualTo(good);
        assertThat(payloads.get(2)).isEqualTo(noise);
        assertThat(payloads.get(3)).isEqualTo(large);
        // Each by itself, so that nobody has to have got the one before.
        assertThat(payloads.get(4)).isEqualTo(payloads.get(1));
        assertThat(frames.getUnsignedByte(0)).isEqualTo((short) PLAIN);
        assertThat(frames.getUnsignedByte(4 + small.length)).isEqualTo((short) DEFLATED);
        frames.release();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "permessage-deflate | true",
                "permessage-deflate; client_max_window_bits | true",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover | true",
                "permessage-deflate; server_max_window_bits=10 | false",
                "permessage-deflate; server_max_window_bits=10, permessage-deflate | true",
                "x-webkit-deflate-frame | false",
            })
    void offerIsTakenIfItCanBe(String offer, boolean taken) {
        assertThat(PerMessageDeflate.isOffered(
                        new DefaultHttpHeaders().set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, offer)))
                .isEqualTo(taken);
    }

    private static byte[] text(int length) {
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
            text[i] = (byte) ('a' + (i * 7 + i / 100) % 20);
        }
        return text;
    }

    /** As RFC 7692 says, section 7.2.1. */
    static byte[] deflated(byte[] message) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(message);
        byte[] out = new byte[message.length + 1_000];
        int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(out, length - 4);
    }
}
