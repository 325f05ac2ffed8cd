package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class FramesTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, 1_000_000})
    void frameIsReadBackByADecoder(int length) {
        byte[] payload = new byte[length];
        new Random(length).nextBytes(payload);
        EmbeddedChannel client = new EmbeddedChannel(new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(false)
                .maxFramePayloadLength(1 << 20)
                .build()));
        client.writeInbound(Frames.binary(ByteBufAllocator.DEFAULT, payload));
        BinaryWebSocketFrame frame = client.readInbound();
        try {
            ByteBuf content = frame.content();
            byte[] read = new byte[content.readableBytes()];
            content.readBytes(read);
            assertThat(read).isEqualTo(payload);
            assertThat(frame.isFinalFragment()).isTrue();
        } finally {
            frame.release();
            client.finishAndReleaseAll();
        }
    }

    @Test
    void framesInOneBufferAreTakenApartAgain() {
        List<byte[]> payloads = new ArrayList<>();
        for (int length : new int[] {0, 1, 125, 126, 127, 255, 256, 65_535, 65_536, 100_000}) {
            byte[] payload = new byte[length];
            new Random(length).nextBytes(payload);
            payloads.add(payload);
        }
        ByteBuf frames = Frames.binary(ByteBufAllocator.DEFAULT, payloads);
        List<byte[]> read = new ArrayList<>();
        Frames.payloads(frames, read);
        assertThat(read).containsExactlyElementsOf(payloads);
        assertThat(Frames.count(frames)).isEqualTo(payloads.size());
        frames.release();
    }
}
