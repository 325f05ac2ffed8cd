package dev.weft.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The folder of all documents. They are made by Yjs, from seeds and a recorded session, and made again only when the scripts that make them
 * have changed.
 *
 * @param folder absolute
 */
record Documents(Path folder) {
    private static final List<String> MAKERS =
            List.of("make-documents.mjs", "spreadsheet.mjs", "random.mjs", "files.mjs", "package-lock.json");
    private static final Path TRACE = Path.of("traces/automerge-paper.json.gz");

    /**
     * Makes the documents if they are missing.
     *
     * @param home the folder of this module
     * @param extent {@code full}, {@code quick} without the spreadsheets of 20 MB, or {@code small} for a test
     */
    static Documents make(Path home, Node node, Path folder, String extent) throws IOException, InterruptedException {
        Path stamp = folder.resolve("made-by");
        String fingerprint = extent + " " + fingerprint(home.resolve("src/main/js"));
        if (!Files.exists(stamp) || !Files.readString(stamp).equals(fingerprint)) {
            System.err.println("Making the documents with Yjs; the large ones take some minutes …");
            Files.createDirectories(folder);
            Files.deleteIfExists(stamp);
            Path trace = home.resolveSibling(TRACE);
            node.run("make-documents.mjs", folder.toAbsolutePath(), trace.toAbsolutePath(), extent);
            Files.writeString(stamp, fingerprint);
        }
        return new Documents(folder.toAbsolutePath());
    }

    private static String fingerprint(Path scripts) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String maker : MAKERS) {
                digest.update(Files.readAllBytes(scripts.resolve(maker)));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
