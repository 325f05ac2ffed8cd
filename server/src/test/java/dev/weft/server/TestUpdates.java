package dev.weft.server;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Updates as a stock client writes them for text typed at the end of the root type {@code t}. */
final class TestUpdates {
    private static final int STRING = 0x04;
    private static final int HAS_ORIGIN = 0x80;

    private TestUpdates() {}

    /** @param text ASCII, so that its clocks are its characters */
    static byte[] typed(long client, long clock, String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(1);
        out.write(1);
        number(out, client);
        number(out, clock);
        if (clock == 0) {
            out.write(STRING);
            out.write(1);
            string(out, "t");
        } else {
            out.write(STRING | HAS_ORIGIN);
            number(out, client);
            number(out, clock - 1);
        }
        string(out, text);
        out.write(0);
        return out.toByteArray();
    }

    /** Deletes {@code length} clocks. */
    static byte[] deleted(long client, long clock, long length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        out.write(1);
        number(out, client);
        out.write(1);
        number(out, clock);
        number(out, length);
        return out.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void number(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest > 0x7f) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
