package dev.weft.benchmarks.load;

import dev.weft.yjs.Message;
import dev.weft.yjs.StateVector;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Somebody in a room: sends its step 1 and presence when it is let in, answers the server's step 1 and pings, and passes on what comes. It keeps
 * no document. {@link #send} and {@link #close} may be called by any thread; all else happens on its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends the connection, which is noticed.
final class RoomClient implements FrameSink {
    private static final int SYNC = 0;
    private static final int AWARENESS = 1;
    private static final int AUTH = 2;
    private static final int STEP_1 = 0;
    private static final int STEP_2 = 1;
    private static final int UPDATE = 2;

    private final Channel channel;
    private final Protocol protocol;
    private final Optional<String> token;
    private final byte[] prefix;
    private final Greeting greeting;
    private final RoomListener listener;
    private final FrameReader reader = new FrameReader(this);
    private final Cursor cursor = new Cursor();
    private final CompletableFuture<RoomClient> synced = new CompletableFuture<>();
    private final CompletableFuture<Void> answered = new CompletableFuture<>();
    private boolean longStep2;
    private volatile boolean leaving;
    private volatile @Nullable String ended;

    RoomClient(Channel channel, Target target, String room, Greeting greeting, RoomListener listener) {
        this.channel = channel;
        this.protocol = target.protocol();
        this.token = target.token();
        this.prefix = protocol.prefix(room);
        this.greeting = greeting;
        this.listener = listener;
    }

    /** What stands behind the handshake in the pipeline. */
    void addTo(Channel to) {
        to.pipeline().addLast(reader).addLast(new Ends());
    }

    /** Ends {@code joined} with this client when its sync step 2 has come, or with a failure if the connection ends before. */
    void passOn(CompletableFuture<RoomClient> joined) {
        synced.whenComplete((client, failure) -> {
            if (failure == null) {
                joined.complete(client);
            } else {
                joined.completeExceptionally(failure);
            }
        });
    }

    /** Ends when the server's step 1 has come and was answered. */
    CompletableFuture<Void> answered() {
        return answered;
    }

    /** Bytes of WebSocket frames so far. Exact on the event loop only. */
    long received() {
        return reader.received();
    }

    /** Why the connection ended, if it did and nobody here wanted it. */
    Optional<String> ended() {
        return Optional.ofNullable(ended);
    }

    Channel channel() {
        return channel;
    }

    void send(byte[] message) {
        channel.writeAndFlush(ClientFrames.binary(channel.alloc(), prefix, message), channel.voidPromise());
    }

    /** Says goodbye and closes. */
    void close() {
        leaving = true;
        channel.writeAndFlush(ClientFrames.close(channel.alloc())).addListener(ChannelFutureListener.CLOSE);
    }

    /** The server has agreed to the upgrade. */
    void open() {
        byte[] credentials = protocol.credentials(token);
        if (credentials.length > 0) {
            send(credentials);
        }
        send(Message.syncStep1Frame(greeting.have()));
        greeting.awareness().ifPresent(this::send);
    }

    @Override
    public void message(ByteBuf bytes, int from, int length) {
        cursor.over(bytes, from, from + length);
        if (protocol.namesRooms()) {
            if (length == 1) {
                return; // Hocuspocus' own ping.
            }
            cursor.skip(cursor.varUint());
        }
        switch (cursor.uint8()) {
            case SYNC -> sync();
            case AWARENESS -> {
                cursor.varUint();
                listener.awareness(cursor);
            }
            case AUTH -> {
                // y-websocket: 0 denied; Hocuspocus: 1 denied, 2 let in.
                if (cursor.uint8() != 2) {
                    throw new LoadException("the server denied the permission");
                }
            }
            default -> {
                // Notices of single servers.
            }
        }
    }

    private void sync() {
        int step = cursor.uint8();
        int length = (int) cursor.varUint();
        if (step == STEP_1) {
            answer(StateVector.decode(cursor.copy(length)));
        } else if (step == STEP_2 || step == UPDATE) {
            listener.update(step == STEP_2, cursor);
            if (step == STEP_2) {
                synced.complete(this);
            }
        }
    }

    private void answer(StateVector serverHas) {
        send(Message.syncStep2Frame(greeting.lacks().apply(serverHas)));
        answered.complete(null);
    }

    @Override
    public void part(ByteBuf bytes, int from, int length, boolean first, boolean last) {
        int start = from;
        if (first) {
            cursor.over(bytes, from, from + length);
            if (protocol.namesRooms()) {
                cursor.skip(cursor.varUint());
            }
            int type = cursor.uint8();
            int step = cursor.uint8();
            if (type != SYNC || step == STEP_1) {
                throw new LoadException("the server sent a message of more than 1 MB that is no update");
            }
            cursor.varUint();
            longStep2 = step == STEP_2;
            start = cursor.at();
        }
        listener.updatePart(longStep2, bytes, start, from + length - start, first, last);
        if (last && longStep2) {
            synced.complete(this);
        }
    }

    @Override
    public void ping(byte[] payload) {
        channel.writeAndFlush(ClientFrames.pong(channel.alloc(), payload), channel.voidPromise());
    }

    @Override
    public void closing(int code, String reason) {
        end("the server closed with " + code + " " + reason);
    }

    /** Whatever makes a connection end arrives here. */
    void end(String why) {
        if (!leaving && ended == null) {
            ended = why;
        }
        synced.completeExceptionally(new LoadException(why));
        channel.close();
    }

    private final class Ends extends ChannelInboundHandlerAdapter {
        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            end("the connection ended");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            Throwable root = cause.getCause() == null ? cause : cause.getCause();
            end(root instanceof LoadException ? String.valueOf(root.getMessage()) : root.toString());
        }
    }
}
