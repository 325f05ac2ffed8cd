package dev.weft.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Server frames (RFC 6455) straight from the socket's buffer to a {@link FrameSink}. Netty's own decoder makes an object, a slice and a pipeline
 * run of each frame, which costs a generator more than all else that it does with a message of 50 bytes; and with 50 clients who take 20 MB
 * each, whole messages would fill its memory.
 */
final class FrameReader extends ByteToMessageDecoder {
    /** Longer messages arrive in parts. */
    static final int LONGEST_HELD = 1 << 20;

    /** A message in parts begins with so many bytes at least. */
    static final int FIRST_PART = 2048;

    private static final int CONTINUATION = 0;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int FIN = 0x80;
    private static final int RESERVED = 0x70;
    private static final int MASKED = 0x80;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;

    private final FrameSink sink;
    private long received;
    /** Of a message that is passed on in parts, what has not come. */
    private long rest;

    private boolean first;
    private final ByteArrayOutputStream fragments = new ByteArrayOutputStream();

    FrameReader(FrameSink sink) {
        this.sink = sink;
    }

    /** Bytes of all frames so far, headers included. */
    long received() {
        return received;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        boolean more = true;
        while (more) {
            more = rest > 0 ? passOn(in) : frame(in);
        }
    }

    private boolean passOn(ByteBuf in) {
        int length = (int) Math.min(rest, in.readableBytes());
        if (length == 0) {
            return false;
        }
        rest -= length;
        received += length;
        int from = in.readerIndex();
        in.skipBytes(length);
        boolean begins = first;
        first = false;
        sink.part(in, from, length, begins, rest == 0);
        return true;
    }

    private boolean frame(ByteBuf in) {
        int available = in.readableBytes();
        if (available < 2) {
            return false;
        }
        int start = in.readerIndex();
        int head = in.getByte(start) & 0xff;
        int second = in.getByte(start + 1) & 0xff;
        if ((head & RESERVED) != 0 || (second & MASKED) != 0) {
            throw new LoadException("the server sent a masked or compressed frame, which was not negotiated");
        }
        int header = second == LENGTH_16 ? 4 : second == LENGTH_64 ? 10 : 2;
        if (available < header) {
            return false;
        }
        long length = second == LENGTH_16
                ? in.getUnsignedShort(start + 2)
                : second == LENGTH_64 ? in.getLong(start + 2) : second;
        if (available - header < length) {
            if (head != (FIN | BINARY) || length <= LONGEST_HELD || available - header < FIRST_PART) {
                return false;
            }
            in.skipBytes(header);
            received += header;
            rest = length;
            first = true;
            return true;
        }
        in.skipBytes(header + (int) length);
        received += header + length;
        take(head, in, start + header, (int) length);
        return true;
    }

    private void take(int head, ByteBuf in, int from, int length) {
        int opcode = head & 0x0f;
        boolean last = (head & FIN) != 0;
        switch (opcode) {
            case BINARY, CONTINUATION -> {
                if (last && opcode == BINARY) {
                    sink.message(in, from, length);
                } else {
                    fragment(in, from, length, last);
                }
            }
            case PING -> sink.ping(ByteBufUtil.getBytes(in, from, length));
            case CLOSE ->
                sink.closing(
                        length < 2 ? 1005 : in.getUnsignedShort(from),
                        length < 2 ? "" : in.toString(from + 2, length - 2, StandardCharsets.UTF_8));
            default -> {
                // Text, pongs: nothing of the protocol.
            }
        }
    }

    private void fragment(ByteBuf in, int from, int length, boolean last) {
        fragments.writeBytes(ByteBufUtil.getBytes(in, from, length));
        if (last) {
            ByteBuf whole = Unpooled.wrappedBuffer(fragments.toByteArray());
            fragments.reset();
            sink.message(whole, 0, whole.readableBytes());
        }
    }
}
