package dev.weft.server;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A WebSocket client that offers permessage-deflate as browsers do, by hand: Java's own does not know it. */
final class DeflatingClient implements AutoCloseable {
    private static final int BINARY = 0x82;
    private static final int DEFLATED = 0x40;
    private static final int CLOSE = 0x88;
    private static final int MASKED = 0x80;

    private final Socket socket;
    private final DataInputStream in;
    private final String head;

    /** @param deflated whether it came compressed; {@code payload} is not inflated */
    record Frame(boolean deflated, byte[] payload) {}

    DeflatingClient(int port, String target) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        String request = String.join(
                "\r\n",
                "GET " + target + " HTTP/1.1",
                "Host: x",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
                "",
                "");
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        in = new DataInputStream(socket.getInputStream());
        StringBuilder read = new StringBuilder();
        while (read.indexOf("\r\n\r\n") < 0) {
            read.append((char) in.readUnsignedByte());
        }
        head = read.toString();
    }

    /** The server's answer to the handshake. */
    String head() {
        return head;
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
        OutputStream out = socket.getOutputStream();
        out.write(frame.array(), 0, frame.position());
    }

    /** The next data frame. */
    Frame next() throws IOException {
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
