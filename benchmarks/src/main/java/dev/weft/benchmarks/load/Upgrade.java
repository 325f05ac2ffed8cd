package dev.weft.benchmarks.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The opening handshake of RFC 6455. It takes itself out of the pipeline when the server has agreed, and what came behind the answer goes on to
 * the next handler.
 */
final class Upgrade extends ByteToMessageDecoder {
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int LONGEST_ANSWER = 16 << 10;
    private static final int KEY_BYTES = 16;

    private final String host;
    private final String path;
    private final String key;
    private final RoomClient client;

    Upgrade(String host, String path, RoomClient client) {
        this.host = host;
        this.path = path;
        this.client = client;
        byte[] random = new byte[KEY_BYTES];
        ThreadLocalRandom.current().nextBytes(random);
        this.key = Base64.getEncoder().encodeToString(random);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends the connection, which is noticed.
    public void channelActive(ChannelHandlerContext ctx) {
        String request = "GET " + path + " HTTP/1.1\r\nHost: " + host
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " + key
                + "\r\nSec-WebSocket-Version: 13\r\n\r\n";
        ctx.writeAndFlush(Unpooled.copiedBuffer(request, US_ASCII), ctx.voidPromise());
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        int end = ByteBufUtil.indexOf(Unpooled.wrappedBuffer("\r\n\r\n".getBytes(US_ASCII)), in);
        if (end < 0) {
            if (in.readableBytes() > LONGEST_ANSWER) {
                throw new LoadException("the server's answer to the upgrade has no end");
            }
            return;
        }
        String answer = in.toString(in.readerIndex(), end - in.readerIndex(), US_ASCII);
        in.skipBytes(end + 4 - in.readerIndex());
        List<String> lines = answer.lines().toList();
        if (!lines.getFirst().startsWith("HTTP/1.1 101 ")) {
            throw new LoadException("the server refused: " + lines.getFirst());
        }
        String expected = "sec-websocket-accept:" + accept();
        if (lines.stream()
                .noneMatch(line -> line.replace(" ", "").equalsIgnoreCase(expected.toLowerCase(Locale.ROOT)))) {
            throw new LoadException("the server's answer to the upgrade has no right Sec-WebSocket-Accept");
        }
        client.open();
        ctx.pipeline().remove(this);
    }

    private String accept() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder().encodeToString(digest.digest((key + MAGIC).getBytes(US_ASCII)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
