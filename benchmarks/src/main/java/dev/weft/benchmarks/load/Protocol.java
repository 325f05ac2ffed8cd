package dev.weft.benchmarks.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLEncoder;
import java.util.Optional;

/** What tells the families of servers apart: where the room's name stands, and what a client says first. The messages are the same. */
enum Protocol {
    /** The room is the path of the address; a message is a frame. */
    Y_WEBSOCKET("y-websocket"),

    /**
     * {@code @hocuspocus/provider}: one address for all rooms; each frame is {@code string(room)} and then the message, the first one of
     * which is {@code 02 00 string(token)}.
     */
    HOCUSPOCUS("hocuspocus");

    private static final int AUTH = 2;
    private static final int TOKEN = 0;

    private final String label;

    Protocol(String label) {
        this.label = label;
    }

    /** The request target of an upgrade. */
    String path(URI server, String room, Optional<String> token) {
        String base = server.getRawPath() == null ? "" : server.getRawPath().replaceAll("/+$", "");
        if (this == HOCUSPOCUS) {
            return base + "/";
        }
        return base + "/" + room
                + token.map(text -> "?yauth=" + URLEncoder.encode(text, UTF_8)).orElse("");
    }

    /** What stands before every message. */
    byte[] prefix(String room) {
        return this == HOCUSPOCUS ? string(room) : new byte[0];
    }

    /** What a client has to send before its first message, without prefix; empty if nothing. */
    byte[] credentials(Optional<String> token) {
        if (this != HOCUSPOCUS) {
            return new byte[0];
        }
        return new Varints()
                .write(AUTH)
                .write(TOKEN)
                .write(string(token.orElse("")))
                .toByteArray();
    }

    /** Whether messages of the server begin with the room's name. */
    boolean namesRooms() {
        return this == HOCUSPOCUS;
    }

    private static byte[] string(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return new Varints().write(bytes.length).write(bytes).toByteArray();
    }

    @Override
    public String toString() {
        return label;
    }
}
