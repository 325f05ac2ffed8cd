package dev.weft.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The network between Weft and its storage, which may be slow, stand still, break, or answer for a store whose disk is full. */
final class StorageRelay implements AutoCloseable {
    /** How the network is. */
    enum Weather {
        FAIR,
        /** Every packet takes long. */
        SLOW,
        /** Nothing passes, and no connection ends. */
        STILL,
        /** An S3 that has no room for objects: whatever is put is refused with 507. */
        FULL
    }

    private static final byte[] NO_ROOM =
            "HTTP/1.1 507 Insufficient Storage\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);
    private static final Duration PAUSE = Duration.ofMillis(40);
    private static final int PACKET = 16 << 10;

    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile int target;
    private volatile Weather weather = Weather.FAIR;

    StorageRelay(int target) throws IOException {
        this.target = target;
        listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("storage relay").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Where new connections go. */
    void target(int port) {
        target = port;
    }

    void weather(Weather next) {
        weather = next;
    }

    /** How often it answered in place of a full store. */
    int refused() {
        return refused.get();
    }

    /** Ends all connections; new ones are taken. */
    void cut() {
        sockets.forEach(StorageRelay::close);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().name("storage relay, connecting").start(() -> connect(client));
            } catch (IOException e) {
                // Closed, or a client that left at once.
            }
        }
    }

    private void connect(Socket client) {
        Socket server;
        try {
            server = new Socket(InetAddress.getLoopbackAddress(), target);
            server.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
        } catch (IOException e) {
            close(client); // It is down.
            return;
        }
        sockets.add(client);
        sockets.add(server);
        Thread.ofVirtual().name("storage relay, requests").start(() -> pass(client, server, true));
        Thread.ofVirtual().name("storage relay, answers").start(() -> pass(server, client, false));
    }

    private void pass(Socket from, Socket to, boolean requests) {
        byte[] packet = new byte[PACKET];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(packet); n >= 0; n = in.read(packet)) {
                while (weather == Weather.STILL) {
                    Thread.sleep(PAUSE);
                }
                if (weather == Weather.SLOW) {
                    Thread.sleep(PAUSE);
                }
                if (requests && weather == Weather.FULL && isPut(packet, n)) {
                    refused.incrementAndGet();
                    from.getOutputStream().write(NO_ROOM);
                    return;
                }
                out.write(packet, 0, n);
            }
        } catch (IOException e) {
            // One of the two has closed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(from);
            close(to);
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    /** A client sends a request's head at once, so that its first word begins a packet. */
    private static boolean isPut(byte[] packet, int length) {
        return length > 4 && packet[0] == 'P' && packet[1] == 'U' && packet[2] == 'T' && packet[3] == ' ';
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more either way.
        }
    }
}
