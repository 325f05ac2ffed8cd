package dev.weft.benchmarks.load;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;

/** Stands before a server, and passes on what the server sends in another way than it was sent. */
final class TamperingRelay implements AutoCloseable {
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;

    private final ServerSocket listening;
    private final int server;
    private final Tampering tampering;

    /** What becomes of a frame's payload. */
    interface Tampering {
        /**
         * Called one by one.
         *
         * @param connection counts from 0, in the order in which clients came
         * @return what the client gets in its place
         */
        List<byte[]> pass(int connection, byte[] payload);
    }

    private TamperingRelay(int server, Tampering tampering) throws IOException {
        this.server = server;
        this.tampering = tampering;
        this.listening = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    }

    static TamperingRelay before(int server, Tampering tampering) {
        try {
            TamperingRelay relay = new TamperingRelay(server, tampering);
            Thread.ofVirtual().start(relay::accept);
            return relay;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        try {
            for (int i = 0; ; i++) {
                int number = i;
                Socket client = listening.accept();
                Socket upstream = new Socket(InetAddress.getLoopbackAddress(), server);
                client.setTcpNoDelay(true);
                upstream.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> quietly(() -> upward(client, upstream), client, upstream));
                Thread.ofVirtual().start(() -> quietly(() -> downward(number, upstream, client), client, upstream));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void quietly(Work work, Socket one, Socket other) {
        try (one;
                other) {
            work.run();
        } catch (IOException e) {
            // One side has left.
        }
    }

    private static void upward(Socket client, Socket upstream) throws IOException {
        client.getInputStream().transferTo(upstream.getOutputStream());
    }

    private void downward(int connection, Socket upstream, Socket client) throws IOException {
        DataInputStream in = new DataInputStream(upstream.getInputStream());
        OutputStream out = client.getOutputStream();
        out.write(answer(in));
        while (true) {
            int head = in.readUnsignedByte();
            int length = in.readUnsignedByte();
            if (length == LENGTH_16) {
                length = in.readUnsignedShort();
            } else if (length == LENGTH_64) {
                length = (int) in.readLong();
            }
            byte[] payload = in.readNBytes(length);
            List<byte[]> passed;
            synchronized (tampering) {
                passed = tampering.pass(connection, payload);
            }
            for (byte[] one : passed) {
                out.write(frame(head, one));
            }
        }
    }

    /** The HTTP answer, up to its empty line. */
    private static byte[] answer(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int last = 0;
        while (last != 0x0d0a0d0a) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            head.write(next);
            last = last << 8 | next;
        }
        return head.toByteArray();
    }

    private static byte[] frame(int head, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 10).put((byte) head);
        if (payload.length < LENGTH_16) {
            frame.put((byte) payload.length);
        } else if (payload.length <= 0xffff) {
            frame.put((byte) LENGTH_16).putShort((short) payload.length);
        } else {
            frame.put((byte) LENGTH_64).putLong(payload.length);
        }
        frame.put(payload).flip();
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return bytes;
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
