package dev.weft.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
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
        ByteBuffer file = ByteBuffer.wrap(bytes(folder.resolve(parts[0] + ".updates")));
        List<byte[]> updates = new ArrayList<>();
        while (file.hasRemaining() && updates.size() < atMost) {
            byte[] update = new byte[varUint(file)];
            file.get(update);
            updates.add(update);
        }
        return new Document(folder, parts[0], List.copyOf(updates));
    }

    private static int varUint(ByteBuffer in) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = in.get();
            value |= (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
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
