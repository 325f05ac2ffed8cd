package dev.weft.server;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Opens a WebSocket, and then reads but never says anything, not even a pong. */
final class MuteClient implements AutoCloseable {
    private static final int CLOSE = 0x88;

    private final RawWebSocket socket;

    MuteClient(int port, String target) throws IOException {
        socket = new RawWebSocket(port, target);
    }

    /** The first byte of each frame that it gets, up to the close frame, for which it waits. */
    List<Integer> heads() throws IOException {
        DataInputStream in = socket.in();
        List<Integer> heads = new ArrayList<>();
        do {
            heads.add(in.readUnsignedByte());
            in.skipNBytes(in.readUnsignedByte());
        } while (heads.getLast() != CLOSE);
        return heads;
    }

    /** The code of the close frame, for which it waits. */
    int closeCode() throws IOException {
        DataInputStream in = socket.in();
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
