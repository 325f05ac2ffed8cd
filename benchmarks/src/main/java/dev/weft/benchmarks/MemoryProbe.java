package dev.weft.benchmarks;

import dev.weft.yjs.Updates;
import java.nio.file.Path;
import java.util.List;

/**
 * The main of a JVM with a small heap: reads a document and does one operation, once. Ends with {@link #TOO_SMALL} if the heap does not
 * suffice.
 */
final class MemoryProbe {
    static final int TOO_SMALL = 3;

    private MemoryProbe() {}

    /** Arguments: the folder of documents, the document, and "load", "merge" or "compact". */
    public static void main(String[] args) {
        try {
            List<byte[]> updates = Document.read(Path.of(args[0]), args[1]).updates();
            long size = switch (args[2]) {
                case "load" -> updates.getFirst().length;
                case "merge" -> Updates.merge(updates).length;
                case "compact" -> Updates.compact(updates).length;
                default -> throw new IllegalArgumentException(args[2]);
            };
            System.out.println(size);
        } catch (OutOfMemoryError tooSmall) {
            Runtime.getRuntime().halt(TOO_SMALL); // Whatever else would need memory too.
        }
    }
}
