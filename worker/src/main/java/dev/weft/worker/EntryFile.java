package dev.weft.worker;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.room.RawEntry;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Entries of a stream in a file that is new, one a line:
 *
 * <pre>
 * {"id":"1763712000000-0","message":"AAID…"}
 * {"id":"1763712000001-0","message":"AAIC…","fault":"more bytes were expected at byte 3"}
 * </pre>
 *
 * <p>{@code message} is field {@code m} of the entry, in base64. Throws {@link UncheckedIOException}.
 */
final class EntryFile implements AutoCloseable {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final FileOutputStream file;
    private final OutputStream out;

    EntryFile(Path path) {
        try {
            Files.createFile(path);
            file = new FileOutputStream(path.toFile());
            out = new BufferedOutputStream(file, 1 << 16);
        } catch (FileAlreadyExistsException e) {
            throw new UncheckedIOException("there is a file " + path + " already", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + path + " (" + e.getMessage() + ")", e);
        }
    }

    void write(RawEntry entry) {
        ObjectNode line =
                JSON.createObjectNode().put("id", entry.id().toString()).put("message", entry.message());
        entry.fault().ifPresent(fault -> line.put("fault", fault));
        try {
            out.write(line.toString().getBytes(StandardCharsets.UTF_8));
            out.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("the file cannot be written (" + e.getMessage() + ")", e);
        }
    }

    /** Returns when all of it is on the disk. */
    void force() {
        try {
            out.flush();
            file.getFD().sync();
        } catch (IOException e) {
            throw new UncheckedIOException("the file cannot be written (" + e.getMessage() + ")", e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the file cannot be written (" + e.getMessage() + ")", e);
        }
    }
}
