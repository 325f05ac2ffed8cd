package dev.weft.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The generator's reader, over fragmentations of what a server may send. */
class FrameReaderTest {
    private static final int BINARY = 0x82;
    private static final int LONG = FrameReader.LONGEST_HELD + 5_000;

    /** Puts parts together again, and writes down what else came. */
    private static final class Recording implements FrameSink {
        final List<byte[]> messages = new ArrayList<>();
        final List<String> others = new ArrayList<>();
        final ByteArrayOutputStream parts = new ByteArrayOutputStream();
        int shortestFirst = Integer.MAX_VALUE;

        @Override
        public void message(ByteBuf bytes, int from, int length) {
            messages.add(ByteBufUtil.getBytes(bytes, from, length));
        }

        @Override
        public void part(ByteBuf bytes, int from, int length, boolean first, boolean last) {
            if (first) {
                assertThat(parts.size()).isZero();
                shortestFirst = Math.min(shortestFirst, length);
            }
            parts.writeBytes(ByteBufUtil.getBytes(bytes, from, length));
            if (last) {
                messages.add(parts.toByteArray());
                parts.reset();
            }
        }

        @Override
        public void ping(byte[] payload) {
            others.add("ping " + payload.length);
        }

        @Override
        public void closing(int code, String reason) {
            others.add("close " + code + " " + reason);
        }
    }

    /** With a length of eight bytes, needed or not. */
    private static byte[] longHeader(int head, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 10)
                .put((byte) head)
                .put((byte) 127)
                .putLong(payload.length);
        return frame.put(payload).array();
    }

    private static byte[] frame(int head, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 10).put((byte) head);
        if (payload.length < 126) {
            frame.put((byte) payload.length);
        } else if (payload.length <= 0xffff) {
            frame.put((byte) 126).putShort((short) payload.length);
        } else {
            frame.put((byte) 127).putLong(payload.length);
        }
        byte[] bytes = new byte[frame.put(payload).position()];
        frame.flip().get(bytes);
        return bytes;
    }

    private static Recording read(byte[] bytes, int piece) {
        Recording recording = new Recording();
        EmbeddedChannel channel = new EmbeddedChannel(new FrameReader(recording));
        for (int at = 0; at < bytes.length; at += piece) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(piece, bytes.length - at)));
        }
        channel.finish();
        return recording;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1_000, 2_049, 65_536, 10_000_000})
    void framesAreFoundHoweverTheyArrive(int piece) {
        Random random = new Random(1);
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        List<byte[]> sent = new ArrayList<>();
        for (int length : new int[] {0, 1, 125, 126, 300, 65_535, 65_536, LONG, 50}) {
            if (piece > 10 || length <= 300) {
                byte[] payload = new byte[length];
                random.nextBytes(payload);
                sent.add(payload);
                wire.writeBytes(frame(BINARY, payload));
                sent.add(payload);
                wire.writeBytes(longHeader(BINARY, payload));
            }
        }

        Recording recording = read(wire.toByteArray(), piece);

        assertThat(recording.messages)
                .usingElementComparator(java.util.Arrays::compare)
                .isEqualTo(sent);
        assertThat(recording.shortestFirst).isGreaterThanOrEqualTo(FrameReader.FIRST_PART);
        assertThat(recording.others).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 100})
    void aMessageInSeveralFramesIsPutTogether(int piece) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        wire.writeBytes(frame(0x02, new byte[] {1, 2}));
        wire.writeBytes(frame(0x89, new byte[] {9}));
        wire.writeBytes(frame(0x00, new byte[] {3}));
        wire.writeBytes(frame(0x80, new byte[] {4}));
        wire.writeBytes(frame(0x88, new byte[] {3, (byte) 0xe8, 'b', 'y', 'e'}));

        Recording recording = read(wire.toByteArray(), piece);

        assertThat(recording.messages).containsExactly(new byte[] {1, 2, 3, 4});
        assertThat(recording.others).containsExactly("ping 1", "close 1000 bye");
    }

    @Test
    void framesThatNobodyAskedForAreRefused() {
        assertThatThrownBy(() -> read(frame(0xc2, new byte[3]), 100))
                .isInstanceOf(DecoderException.class)
                .hasCauseInstanceOf(LoadException.class);
    }

    @Test
    void whatAClientSendsIsMasked() {
        byte[] prefix = {1, 2, 3};
        byte[] payload = new byte[70_000];
        new Random(2).nextBytes(payload);
        ByteBuf frame = ClientFrames.binary(io.netty.buffer.UnpooledByteBufAllocator.DEFAULT, prefix, payload);
        try {
            assertThat(frame.readUnsignedByte()).isEqualTo((short) BINARY);
            assertThat(frame.readUnsignedByte()).isEqualTo((short) (0x80 | 127));
            assertThat(frame.readLong()).isEqualTo(payload.length + prefix.length);
            byte[] mask = new byte[4];
            frame.readBytes(mask);
            byte[] masked = new byte[frame.readableBytes()];
            frame.readBytes(masked);
            for (int i = 0; i < masked.length; i++) {
                masked[i] ^= mask[i & 3];
            }
            assertThat(masked).startsWith(prefix).endsWith(payload);
        } finally {
            frame.release();
        }
    }
}
