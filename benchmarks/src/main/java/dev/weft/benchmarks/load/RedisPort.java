package dev.weft.benchmarks.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;

/** Asks a Redis on this machine single questions, in its inline form, each over a connection of its own. */
record RedisPort(int port) {
    /** Whether a room's stream is there, that is, whether something of it is not stored yet or was stored just now. */
    boolean hasStream(String room) {
        return integer("EXISTS y:room:" + room + ":index") > 0;
    }

    /** Keys of all kinds. */
    long keys() {
        return integer("DBSIZE");
    }

    /** Bytes that Redis has allocated. */
    long usedMemory() {
        return Long.parseLong(info("memory", "used_memory:"));
    }

    private String info(String section, String field) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                BufferedReader reader = ask(socket, "INFO " + section)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith(field)) {
                    return line.substring(field.length()).strip();
                }
            }
            throw new LoadException("Redis does not tell " + field);
        } catch (IOException e) {
            throw new LoadException("Redis on port " + port + " does not answer", e);
        }
    }

    private long integer(String question) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                BufferedReader reader = ask(socket, question)) {
            String answer = reader.readLine();
            if (answer == null || !answer.startsWith(":")) {
                throw new LoadException("Redis answered '" + answer + "' to " + question);
            }
            return Long.parseLong(answer.substring(1));
        } catch (IOException e) {
            throw new LoadException("Redis on port " + port + " does not answer", e);
        }
    }

    private static BufferedReader ask(Socket socket, String question) throws IOException {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write((question + "\r\n").getBytes(US_ASCII));
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
    }
}
