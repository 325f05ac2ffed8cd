package dev.weft.server;

import dev.weft.yjs.MalformedException;
import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** Inflates messages that were compressed each by itself (RFC 7692, section 7.2.2). */
final class Inflation {
    /** What the sender cut off: the end of an empty block. */
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    private static final int CHUNK = 8 << 10;
    private static final int USUAL_RATIO = 4;

    private Inflation() {}

    /**
     * The message; null if it is longer than {@code maxBytes}: then no more than that and a chunk was made of it.
     *
     * @throws MalformedException if the bytes are no deflated message
     */
    static byte @Nullable [] inflate(byte[] deflated, int maxBytes) {
        Inflater inflater = new Inflater(true);
        try {
            int expected = (int) Math.min(maxBytes, (long) USUAL_RATIO * deflated.length);
            ByteArrayOutputStream out = new ByteArrayOutputStream(expected);
            byte[] chunk = new byte[Math.min(CHUNK, expected + 1)];
            for (byte[] part : new byte[][] {deflated, TAIL}) {
                inflater.setInput(part);
                int length;
                while ((length = inflater.inflate(chunk)) > 0) {
                    if (out.size() + length > maxBytes) {
                        return null;
                    }
                    out.write(chunk, 0, length);
                }
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw new MalformedException(0, "not compressed as permessage-deflate says: " + e.getMessage());
        } finally {
            inflater.end();
        }
    }
}
