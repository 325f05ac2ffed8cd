package dev.weft.benchmarks;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A document that is measured, in files that {@code make-documents.mjs} made with Yjs:
 *
 * <pre>
 *   NAME.updates  the document as one update (V1), then what is pending; per update varUint length, bytes
 *   NAME.half     the state vector of somebody who has half of each client's clocks
 *   NAME.v2       the document in encoding V2
 * </pre>
 *
 * In a table its name is {@code NAME} for all updates of the file, or {@code NAME + n} for the document and the first {@code n} pending
 * updates. The arrays belong to this record and must not be changed.
 *
 * @param folder where the files are
 * @param file their name without its extension
 * @param updates the document first
 */
record Document(Path folder, String file, List<byte[]> updates) {
    static Document read(Path folder, String name) {
        String[] parts = name.split(" \\+ ", 2);
        int atMost = parts.length == 1 ? Integer.MAX_VALUE : 1 + Integer.parseInt(parts[1]);
        List<byte[]> updates = new ArrayList<>();
        // Not the whole file at once: in a probe of memory only what is asked for counts.
        try (InputStream file = new BufferedInputStream(Files.newInputStream(folder.resolve(parts[0] + ".updates")))) {
            for (int next = file.read(); next >= 0 && updates.size() < atMost; next = file.read()) {
                byte[] update = new byte[varUint(next, file)];
                file.readNBytes(update, 0, update.length);
                updates.add(update);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Document(folder, parts[0], List.copyOf(updates));
    }

    private static int varUint(int first, InputStream rest) throws IOException {
        int value = first & 0x7f;
        int shift = 7;
        for (int b = first; b >= 0x80; shift += 7) {
            b = rest.read();
            value |= (b & 0x7f) << shift;
        }
        return value;
    }

    /** The document without what is pending. */
    byte[] update() {
        return updates.getFirst();
    }

    /** A state vector of half of each client's clocks. */
    byte[] half() {
        return bytes(folder.resolve(file + ".half"));
    }

    /** The document in encoding V2. */
    byte[] v2() {
        return bytes(folder.resolve(file + ".v2"));
    }

    private static byte[] bytes(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
