package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class MessageAssemblerTest {
    private static final int MAX = 10;

    private final EmbeddedChannel channel = new EmbeddedChannel(new MessageAssembler(MAX));

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    @Test
    void wholeFramePasses() {
        channel.writeInbound(new BinaryWebSocketFrame(buffer(1, 2, 3)));
        assertMessage(1, 2, 3);
    }

    @Test
    void fragmentsBecomeOneMessageWithControlFramesBetweenThem() {
        channel.writeInbound(new BinaryWebSocketFrame(false, 0, buffer(1)));
        channel.writeInbound(new PingWebSocketFrame());
        channel.writeInbound(new ContinuationWebSocketFrame(false, 0, buffer()));
        channel.writeInbound(new ContinuationWebSocketFrame(true, 0, buffer(2, 3)));
        PingWebSocketFrame ping = channel.readInbound();
        ping.release();
        assertMessage(1, 2, 3);
    }

    @Test
    void messageOfTheGreatestSizePassesAndOneByteMoreDoesNot() {
        channel.writeInbound(new BinaryWebSocketFrame(false, 0, buffer(1, 2, 3, 4, 5)));
        channel.writeInbound(new ContinuationWebSocketFrame(true, 0, buffer(6, 7, 8, 9, 10)));
        assertMessage(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        channel.writeInbound(new BinaryWebSocketFrame(false, 0, buffer(1, 2, 3, 4, 5)));
        assertThatThrownBy(() ->
                        channel.writeInbound(new ContinuationWebSocketFrame(false, 0, buffer(6, 7, 8, 9, 10, 11))))
                .isInstanceOfSatisfying(
                        Violation.class,
                        violation -> assertThat(violation.reason()).isEqualTo(CloseReason.TOO_LARGE));
    }

    @Test
    void textIsAViolation() {
        assertThatThrownBy(() -> channel.writeInbound(new TextWebSocketFrame("hello")))
                .isInstanceOfSatisfying(
                        Violation.class,
                        violation -> assertThat(violation.reason()).isEqualTo(CloseReason.MALFORMED));
    }

    @Test
    void partOfAMessageIsReleasedWhenTheSocketCloses() {
        channel.writeInbound(new BinaryWebSocketFrame(false, 0, buffer(1)));
        Sockets.close(channel);
        assertThat(channel.<Object>readInbound()).isNull();
    }

    private void assertMessage(int... bytes) {
        ByteBuf message = channel.readInbound();
        try {
            byte[] expected = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                expected[i] = (byte) bytes[i];
            }
            assertThat(ByteBufUtil.getBytes(message)).isEqualTo(expected);
        } finally {
            message.release();
        }
    }

    private static ByteBuf buffer(int... bytes) {
        ByteBuf buffer = ByteBufAllocator.DEFAULT.buffer();
        for (int b : bytes) {
            buffer.writeByte(b);
        }
        return buffer;
    }
}
