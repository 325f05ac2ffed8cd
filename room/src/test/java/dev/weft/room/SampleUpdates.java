package dev.weft.room;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Small updates in encoding V1, made by hand: a client types at the end of the text that it alone writes. */
public final class SampleUpdates {
    private SampleUpdates() {}

    /**
     * One edit.
     *
     * @param clock how many characters the client has typed before
     * @param text ASCII, not empty
     */
    public static byte[] typed(long client, int clock, String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(1);
        out.write(1);
        varuint(out, client);
        varuint(out, clock);
        if (clock == 0) {
            out.write(4);
            out.write(1);
            string(out, "text" + client);
        } else {
            out.write(0x84);
            varuint(out, client);
            varuint(out, clock - 1);
        }
        string(out, text);
        out.write(0);
        return out.toByteArray();
    }

    private static void varuint(ByteArrayOutputStream out, long number) {
        long rest = number;
        while (rest >= 128) {
            out.write((int) (rest & 127) | 128);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static void string(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        varuint(out, bytes.length);
        out.writeBytes(bytes);
    }
}
