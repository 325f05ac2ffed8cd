package dev.weft.server;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Opens a WebSocket, and then reads but never says anything, not even a pong. */
final class MuteClient implements AutoCloseable {
    private static final int CLOSE = 0x88;

    private final Socket socket;
    private final DataInputStream in;

    MuteClient(int port, String target) throws IOException {
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
                "",
                "");
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        in = new DataInputStream(socket.getInputStream());
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        if (!head.toString().startsWith("HTTP/1.1 101")) {
            throw new IOException(head.toString());
        }
    }

    /** The first byte of each frame that it gets, up to the close frame, for which it waits. */
    List<Integer> heads() throws IOException {
        List<Integer> heads = new ArrayList<>();
        do {
            heads.add(in.readUnsignedByte());
            in.skipNBytes(in.readUnsignedByte());
        } while (heads.getLast() != CLOSE);
        return heads;
    }

    /** The code of the close frame, for which it waits. */
    int closeCode() throws IOException {
        while (true) {
            int head = in.readUnsignedByte();
            int length = in.readUnsignedByte();
            byte[] payload = in.readNBytes(length);
            if (head == CLOSE) {
                return (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
