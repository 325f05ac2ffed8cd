package dev.weft.server;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A WebSocket client that offers permessage-deflate as browsers do, by hand: Java's own does not know it. */
final class DeflatingClient implements AutoCloseable {
    private static final int BINARY = 0x82;
    private static final int DEFLATED = 0x40;
    private static final int CLOSE = 0x88;
    private static final int MASKED = 0x80;

    private final RawWebSocket socket;

    /** @param deflated whether it came compressed; {@code payload} is not inflated */
    record Frame(boolean deflated, byte[] payload) {}

    DeflatingClient(int port, String target) throws IOException {
        socket = new RawWebSocket(port, target, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits");
    }

    /** The server's answer to the handshake. */
    String head() {
        return socket.head();
    }

    /** With the mask that changes nothing. */
    void send(byte[] payload, boolean deflated) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
        frame.put((byte) (deflated ? BINARY | DEFLATED : BINARY));
        if (payload.length < 126) {
            frame.put((byte) (MASKED | payload.length));
        } else if (payload.length <= 0xffff) {
            frame.put((byte) (MASKED | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (MASKED | 127)).putLong(payload.length);
        }
        frame.putInt(0).put(payload);
        socket.out().write(frame.array(), 0, frame.position());
    }

    /** The next data frame. */
    Frame next() throws IOException {
        DataInputStream in = socket.in();
        while (true) {
            int first = in.readUnsignedByte();
            int length = in.readUnsignedByte();
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = Math.toIntExact(in.readLong());
            }
            byte[] payload = in.readNBytes(length);
            if ((first & ~DEFLATED) == BINARY) {
                return new Frame((first & DEFLATED) != 0, payload);
            }
            if (first == CLOSE) {
                throw new IOException("closed with " + ((payload[0] & 0xff) << 8 | (payload[1] & 0xff)));
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
