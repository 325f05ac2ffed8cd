package dev.weft.storage.s3;

import dev.weft.storage.DocumentId;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.UnreadableVersionException;
import dev.weft.storage.VersionReference;
import dev.weft.yjs.MalformedException;
import dev.weft.yjs.StateVector;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * What an object holds, in this order; numbers are big-endian:
 *
 * <pre>
 * 4 bytes  magic "WEFT"
 * 1 byte   format, 1
 * 4 bytes  CRC-32C of everything after it
 * 4 bytes  length of the room
 * 4 bytes  length of the document's name
 * 4 bytes  length of the state vector
 * 4 bytes  length of the update
 *          room, UTF-8
 *          document's name, UTF-8
 *          state vector, as Yjs encodes it
 *          update, V1
 * </pre>
 *
 * @param update of the receiver when read; of the caller when written, who does not change it meanwhile
 */
record VersionObject(DocumentId document, StateVector stateVector, byte[] update) {
    private static final int MAGIC = 0x57454654; // WEFT
    private static final byte FORMAT = 1;
    private static final int CHECKED_FROM = Integer.BYTES + 1 + Integer.BYTES;
    private static final int FIXED = CHECKED_FROM + 4 * Integer.BYTES;

    /** The whole object. The update is not copied. */
    Content content() {
        return new Content(head(), update);
    }

    private byte[] head() {
        byte[] room = document.room().getBytes(StandardCharsets.UTF_8);
        byte[] name = document.name().getBytes(StandardCharsets.UTF_8);
        byte[] vector = stateVector.encode();
        ByteBuffer head = ByteBuffer.allocate(FIXED + room.length + name.length + vector.length)
                .putInt(MAGIC)
                .put(FORMAT)
                .putInt(0)
                .putInt(room.length)
                .putInt(name.length)
                .putInt(vector.length)
                .putInt(update.length)
                .put(room)
                .put(name)
                .put(vector);
        CRC32C crc = new CRC32C();
        crc.update(head.array(), CHECKED_FROM, head.capacity() - CHECKED_FROM);
        crc.update(update);
        return head.putInt(CHECKED_FROM - Integer.BYTES, (int) crc.getValue()).array();
    }

    /** Reads the object of a version. */
    static Bucket.Reader<StoredVersion> reader(DocumentId document, VersionReference reference) {
        return (in, length) -> {
            VersionObject version = read(document, in, length);
            return new StoredVersion(reference, version.update(), version.stateVector());
        };
    }

    /**
     * Reads an object of {@code length} bytes, which must be the version of {@code document}.
     *
     * @throws UnreadableVersionException if it is anything else
     * @throws IOException if the stream fails or ends before {@code length}
     */
    static VersionObject read(DocumentId document, InputStream in, long length) throws IOException {
        if (length < FIXED) {
            throw new UnreadableVersionException("it has " + length + " bytes, fewer than its head");
        }
        byte[] fixedBytes = exactly(in, FIXED);
        ByteBuffer fixed = ByteBuffer.wrap(fixedBytes);
        if (fixed.getInt() != MAGIC) {
            throw new UnreadableVersionException("it does not begin with WEFT");
        }
        byte format = fixed.get();
        if (format != FORMAT) {
            throw new UnreadableVersionException("its format is " + format + ", this version of Weft knows " + FORMAT);
        }
        int checksum = fixed.getInt();
        int room = fixed.getInt();
        int name = fixed.getInt();
        int vector = fixed.getInt();
        int update = fixed.getInt();
        if (room < 0
                || name < 0
                || vector < 0
                || update < 0
                || FIXED + (long) room + name + vector + update != length) {
            throw new UnreadableVersionException("it has " + length + " bytes, and its head speaks of another number");
        }
        byte[] roomBytes = exactly(in, room);
        byte[] nameBytes = exactly(in, name);
        byte[] vectorBytes = exactly(in, vector);
        byte[] updateBytes = exactly(in, update);

        CRC32C crc = new CRC32C();
        crc.update(fixedBytes, CHECKED_FROM, FIXED - CHECKED_FROM);
        crc.update(roomBytes);
        crc.update(nameBytes);
        crc.update(vectorBytes);
        crc.update(updateBytes);
        if ((int) crc.getValue() != checksum) {
            throw new UnreadableVersionException("its checksum is wrong");
        }
        boolean same = document.room().equals(new String(roomBytes, StandardCharsets.UTF_8))
                && document.name().equals(new String(nameBytes, StandardCharsets.UTF_8));
        if (!same) {
            throw new UnreadableVersionException("it belongs to another document");
        }
        try {
            return new VersionObject(document, StateVector.decode(vectorBytes), updateBytes);
        } catch (MalformedException e) {
            throw new UnreadableVersionException("its state vector is malformed: " + e.getMessage(), e);
        }
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the object ended early");
        }
        return bytes;
    }
}
