package dev.weft.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where things lie in the working copy that is tested. */
final class Checkout {
    /** The folder of the parent pom. */
    static final Path ROOT = root();

    static final Path MODULE = ROOT.resolve("system-tests");
    static final Path NODE_CLIENTS = MODULE.resolve("js");
    static final Path TARGET = MODULE.resolve("target");
    static final Path LOGS = TARGET.resolve("logs");
    static final Path SCREENSHOTS = TARGET.resolve("screenshots");

    private Checkout() {}

    /**
     * The jars that operators run: the distribution that the module {@code deploy} puts together, or the folder that the system property
     * {@code weft.distribution} names.
     */
    static List<Path> distribution() {
        String other = System.getProperty("weft.distribution", "");
        return jars(other.isEmpty() ? ROOT.resolve("deploy/target/weft/lib") : Path.of(other));
    }

    private static List<Path> jars(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalStateException(
                    folder + " is missing; build it with: mvn package -DskipTests -pl deploy -am");
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("system-tests/pom.xml"))) {
            Path parent = folder.getParent();
            if (parent == null) {
                throw new IllegalStateException(
                        "not inside a working copy: " + Path.of("").toAbsolutePath());
            }
            folder = parent;
        }
        return folder;
    }
}
