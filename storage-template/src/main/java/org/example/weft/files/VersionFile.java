package org.example.weft.files;

import dev.weft.storage.StoredVersion;
import dev.weft.storage.UnreadableVersionException;
import dev.weft.storage.VersionReference;
import dev.weft.yjs.MalformedException;
import dev.weft.yjs.StateVector;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The file of a version; numbers are big-endian:
 *
 * <pre>
 * 4 bytes  CRC-32C of everything after it
 * 4 bytes  length of the state vector
 *          state vector, as Yjs encodes it
 *          update, V1
 * </pre>
 */
final class VersionFile {
    private static final int HEAD = 2 * Integer.BYTES;

    private VersionFile() {}

    /**
     * Writes it, so that it is there whole or not at all, and survives a loss of power once this has returned: the bytes are brought to the
     * disk under another name, then the name is changed, then the folder, which holds the name, is brought to the disk.
     */
    static void write(Path folder, String name, byte[] update, StateVector stateVector) throws IOException {
        byte[] vector = stateVector.encode();
        ByteBuffer head = ByteBuffer.allocate(HEAD + vector.length)
                .putInt(0)
                .putInt(vector.length)
                .put(vector);
        CRC32C crc = new CRC32C();
        crc.update(head.array(), Integer.BYTES, head.capacity() - Integer.BYTES);
        crc.update(update);
        head.putInt(0, (int) crc.getValue()).rewind();

        Path unfinished = folder.resolve(name + ".unfinished");
        try (FileChannel channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            writeAll(channel, head);
            writeAll(channel, ByteBuffer.wrap(update));
            channel.force(true);
        }
        Files.move(unfinished, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        sync(folder);
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Brings to the disk which files a folder has. */
    static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Reads it; never passes over a file that is not as it was written, because a version left out would be a hole. */
    static StoredVersion read(Path file, VersionReference reference) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length < HEAD) {
            throw new UnreadableVersionException(file + " is cut off");
        }
        ByteBuffer head = ByteBuffer.wrap(bytes);
        int checksum = head.getInt();
        int vector = head.getInt();
        CRC32C crc = new CRC32C();
        crc.update(bytes, Integer.BYTES, bytes.length - Integer.BYTES);
        if ((int) crc.getValue() != checksum || vector < 0 || vector > bytes.length - HEAD) {
            throw new UnreadableVersionException(file + " is damaged");
        }
        try {
            return new StoredVersion(
                    reference,
                    Arrays.copyOfRange(bytes, HEAD + vector, bytes.length),
                    StateVector.decode(Arrays.copyOfRange(bytes, HEAD, HEAD + vector)));
        } catch (MalformedException e) {
            throw new UnreadableVersionException(file + " has a bad state vector: " + e.getMessage(), e);
        }
    }
}
