package dev.weft.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A Redis's door on another port, where somebody sees each command before Redis does, may let it wait, and decides whether it passes. It
 * knows what every Redis client sends, arrays of bulk strings; replies pass unread.
 *
 * <p>Commands of one connection pass one after the other, those of several connections at the same time.
 */
public final class RedisRelay implements AutoCloseable {
    private static final Command REFUSED =
            new Command(0, List.of("REFUSED-BY-RELAY".getBytes(StandardCharsets.US_ASCII)));
    private static final int LONGEST_LINE = 32;
    private static final int BUFFER = 64 << 10;

    /** What becomes of a command. */
    public enum Verdict {
        /** Redis gets it, and its reply comes back. */
        PASS,
        /** Redis gets an unknown command in its place, so that the error comes back in its turn. */
        REFUSE,
        /** Redis never hears of it; the connection ends. */
        CUT_BEFORE,
        /** Redis gets it, and the connection ends before its reply comes back. */
        CUT_AFTER
    }

    /** Sees commands and replies; called on threads of the relay, by several connections at one time. */
    public interface Guard {
        /** Decides about a command, now or later: it may block. */
        Verdict before(Command command);

        /** Sees bytes of replies, before the client does; where one reply ends and the next begins is not told. */
        default void replied(int connection, byte[] bytes) {}
    }

    /**
     * A command.
     *
     * @param connection numbers the connections of this relay
     * @param words its name and arguments
     */
    public record Command(int connection, List<byte[]> words) {
        /** In capitals. */
        public String name() {
            return words.isEmpty() ? "" : word(0).toUpperCase(Locale.ROOT);
        }

        /** A word as text; empty if there are fewer. */
        public String word(int index) {
            return index < words.size() ? new String(words.get(index), StandardCharsets.ISO_8859_1) : "";
        }
    }

    private final ServerSocket listener;
    private final int target;
    private final Guard guard;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();

    private RedisRelay(ServerSocket listener, int target, Guard guard) {
        this.listener = listener;
        this.target = target;
        this.guard = guard;
    }

    /** Opens a door to the Redis on port {@code target} of this machine. */
    public static RedisRelay to(int target, Guard guard) {
        return listening(0, target, guard);
    }

    /** Opens it on a port of one's own choice. */
    public static RedisRelay listening(int port, int target, Guard guard) {
        try {
            ServerSocket listener = new ServerSocket(port, 100, InetAddress.getLoopbackAddress());
            RedisRelay relay = new RedisRelay(listener, target, guard);
            Thread.ofVirtual().name("redis relay").start(relay::accept);
            return relay;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the setting {@code REDIS} takes it. */
    public String url() {
        return "redis://127.0.0.1:" + listener.getLocalPort();
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Ends all connections; new ones are taken. */
    public void cut() {
        sockets.forEach(RedisRelay::close);
    }

    /** Ends all connections and takes no more. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().name("redis relay, connecting").start(() -> connect(client));
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
            close(client); // Redis is down.
            return;
        }
        sockets.add(client);
        sockets.add(server);
        Connection connection = new Connection(client, server);
        Thread.ofVirtual().name("redis relay, commands").start(connection::passCommands);
        Thread.ofVirtual().name("redis relay, replies").start(connection::passReplies);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more either way.
        }
    }

    private final class Connection {
        private final int number = connections.incrementAndGet();
        private final Socket client;
        private final Socket server;
        private volatile boolean mute;

        Connection(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void passCommands() {
            try {
                InputStream in = new BufferedInputStream(client.getInputStream(), BUFFER);
                OutputStream out = server.getOutputStream();
                while (true) {
                    Command command = new Command(number, read(in));
                    switch (guard.before(command)) {
                        case PASS -> write(out, command);
                        case REFUSE -> write(out, REFUSED);
                        case CUT_BEFORE -> {
                            return;
                        }
                        case CUT_AFTER -> {
                            mute = true;
                            write(out, command);
                            // Until Redis has answered, or at least has got it: it reads what came before the end.
                            server.shutdownOutput();
                            return;
                        }
                    }
                }
            } catch (IOException e) {
                // One of the two has closed.
            } finally {
                if (!mute) {
                    end();
                }
            }
        }

        void passReplies() {
            byte[] buffer = new byte[BUFFER];
            try {
                InputStream in = server.getInputStream();
                OutputStream out = client.getOutputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    if (mute) {
                        continue;
                    }
                    byte[] bytes = new byte[n];
                    System.arraycopy(buffer, 0, bytes, 0, n);
                    guard.replied(number, bytes);
                    out.write(bytes);
                }
            } catch (IOException e) {
                // One of the two has closed.
            } finally {
                end();
            }
        }

        private void end() {
            close(client);
            close(server);
            sockets.remove(client);
            sockets.remove(server);
        }
    }

    private static List<byte[]> read(InputStream in) throws IOException {
        int count = number(in, '*');
        List<byte[]> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = number(in, '$');
            byte[] word = in.readNBytes(length);
            if (word.length < length || in.read() != '\r' || in.read() != '\n') {
                throw new EOFException();
            }
            words.add(word);
        }
        return words;
    }

    private static int number(InputStream in, char kind) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            line.append((char) next);
            if (line.length() > LONGEST_LINE) {
                throw new IOException("no command of Redis: " + line);
            }
        }
        if (line.length() < 3 || line.charAt(0) != kind || line.charAt(line.length() - 1) != '\r') {
            throw new IOException("no command of Redis: " + line);
        }
        return Integer.parseInt(line, 1, line.length() - 1, 10);
    }

    private static void write(OutputStream out, Command command) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("*" + command.words().size() + "\r\n").getBytes(StandardCharsets.US_ASCII));
        for (byte[] word : command.words()) {
            bytes.writeBytes(("$" + word.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            bytes.writeBytes(word);
            bytes.write('\r');
            bytes.write('\n');
        }
        out.write(bytes.toByteArray());
    }
}
