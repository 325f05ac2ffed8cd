package dev.weft.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What this package needs of its surroundings.
 *
 * @param documents a document by its name, as an update in encoding V1, made if need be: {@code sheet-20-fresh}
 * @param npm installs what the lock file of a folder names, if it is not there
 * @param home the folder of this module
 */
public record Assets(Function<String, byte[]> documents, Consumer<Path> npm, Path home) {
    /** A document by its name, or of a file that holds an update in encoding V1. */
    byte[] document(String nameOrFile) {
        Path file = Path.of(nameOrFile);
        try {
            return Files.isRegularFile(file) ? Files.readAllBytes(file) : documents.apply(nameOrFile);
        } catch (IOException e) {
            throw new LoadException("the document " + nameOrFile + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Where this module may write. */
    Path target() {
        return home.resolve("target");
    }

    /** The distribution that the build has put together: launcher and jars. */
    Path distribution() {
        return home.resolveSibling("deploy").resolve("target").resolve("weft");
    }

    /** The scripts that run other servers, with their lock file. */
    Path peers() {
        return home.resolve("src").resolve("main").resolve("peers");
    }
}
