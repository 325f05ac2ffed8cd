package dev.weft.benchmarks.load;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * A checksum over the updates that one client receives until it is synchronised: fifty clients who take 20 MB each cannot all keep them. Confined
 * to its event loop; read when the client is synchronised.
 */
final class JoinObserver implements RoomListener {
    private final CRC32 crc = new CRC32();
    private final CRC32C crcC = new CRC32C();
    private long bytes;
    private int messages;
    private boolean complete;

    /** What tells one answer from another. */
    record Answer(int messages, long bytes, long checksum) {}

    @Override
    public void update(boolean step2, Cursor update) {
        take(step2, update.buffer(), update.at(), update.remaining(), true, true);
    }

    @Override
    public void updatePart(boolean step2, ByteBuf buffer, int from, int length, boolean first, boolean last) {
        take(step2, buffer, from, length, first, last);
    }

    private synchronized void take(boolean step2, ByteBuf buffer, int from, int length, boolean first, boolean last) {
        if (complete) {
            return;
        }
        if (first) {
            messages++;
            crc.update(step2 ? 1 : 2);
        }
        ByteBuffer view = buffer.nioBuffer(from, length);
        crc.update(view.duplicate());
        crcC.update(view);
        bytes += length;
        complete = step2 && last;
    }

    synchronized Answer answer() {
        return new Answer(messages, bytes, crc.getValue() << 32 | crcC.getValue());
    }
}
