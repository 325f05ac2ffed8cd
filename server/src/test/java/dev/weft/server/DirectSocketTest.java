package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** On a real socket, which takes what fits. */
@ExtendWith(LeakCheck.class)
class DirectSocketTest {
    private final Transport transport = Transport.best();
    private final MultiThreadIoEventLoopGroup loops = transport.group("direct-socket-test", 1);
    private final CompletableFuture<Channel> accepted = new CompletableFuture<>();
    private final Random random = new Random(11);
    private final Node node = TestNode.of(new FakeBackend(), Runnable::run, Map.of());
    private Socket client;
    private Channel channel;

    @BeforeEach
    void connect() throws Exception {
        Channel listening = new ServerBootstrap()
                .group(loops)
                .channel(transport.serverChannel())
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, Outbox.WATER_MARKS)
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                        accepted.complete(ctx.channel());
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        client = new Socket(InetAddress.getLoopbackAddress(), ((InetSocketAddress) listening.localAddress()).getPort());
        channel = accepted.get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    @Test
    void everythingArrivesInItsOrderWhenTheSocketTakesOnlyAPart() throws Exception {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        channel.eventLoop().submit(() -> fill(sent)).sync();
        assertThat(read(sent.size())).isEqualTo(sent.toByteArray());
    }

    @Test
    void nothingOvertakesWhatIsQueued() throws Exception {
        DirectSocket direct = new DirectSocket(channel);
        ByteBuf late = bytes(10);
        ByteBuf queued = bytes(100);
        byte[] first = content(queued);
        int taken = channel.eventLoop()
                .submit(() -> {
                    Sockets.enqueue(channel, queued);
                    int result = direct.send(late);
                    channel.flush();
                    return result;
                })
                .sync()
                .getNow();
        assertThat(taken).isZero();
        assertThat(read(first.length)).isEqualTo(first);
        late.release();
    }

    @Test
    void takesAtOnceWhatFits() throws Exception {
        assumeTrue("epoll".equals(transport.name()));
        DirectSocket direct = new DirectSocket(channel);
        ByteBuf frame = bytes(1_000);
        assertThat(channel.eventLoop().submit(() -> direct.send(frame)).sync().getNow())
                .isEqualTo(1_000);
        assertThat(read(1_000)).isEqualTo(content(frame));
        frame.release();
    }

    /** Sends until the socket takes no more. */
    private void fill(ByteArrayOutputStream sent) {
        Outbox outbox = new Outbox(channel, node, new NoOwner(), false);
        while (outbox.isIdle()) {
            ByteBuf frame = bytes(100_003);
            sent.writeBytes(content(frame));
            Shared shared = new Shared(frame, null, 1);
            outbox.send(shared);
            shared.release();
        }
    }

    private ByteBuf bytes(int size) {
        byte[] content = new byte[size];
        random.nextBytes(content);
        return ByteBufAllocator.DEFAULT.directBuffer(size).writeBytes(content);
    }

    private static byte[] content(ByteBuf buffer) {
        byte[] content = new byte[buffer.readableBytes()];
        buffer.getBytes(buffer.readerIndex(), content);
        return content;
    }

    private byte[] read(int count) throws IOException {
        InputStream in = client.getInputStream();
        client.setSoTimeout(10_000);
        return in.readNBytes(count);
    }

    private static final class NoOwner implements Outbox.Owner {
        @Override
        public void cutOff(CloseReason reason, String detail) {
            throw new AssertionError(detail);
        }

        @Override
        public void answered() {}
    }
}
