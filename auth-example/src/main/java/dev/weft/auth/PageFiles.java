package dev.weft.auth;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * The files of a built page, read into memory once. So a request can ask only for what was there at the start, whatever dots and slashes its
 * path has, and each file is compressed once. Immutable.
 */
final class PageFiles {
    private static final long MAX_BYTES = 64 << 20;
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "json", "application/json",
            "svg", "image/svg+xml",
            "png", "image/png",
            "woff2", "font/woff2");

    private final Map<String, PageFile> files;

    private PageFiles(Map<String, PageFile> files) {
        this.files = files;
    }

    /** @throws IOException if the folder has no {@code index.html}, cannot be read, or holds more than a page would */
    static PageFiles read(Path folder) throws IOException {
        if (!Files.isRegularFile(folder.resolve("index.html"))) {
            throw new IOException("no index.html in " + folder);
        }
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(folder)) {
            paths = walk.filter(Files::isRegularFile).toList();
        }
        Map<String, PageFile> files = new HashMap<>();
        long total = 0;
        for (Path path : paths) {
            total += Files.size(path);
            if (total > MAX_BYTES) {
                throw new IOException("more than " + MAX_BYTES + " bytes in " + folder + ": not a page");
            }
            String name = folder.relativize(path).toString().replace('\\', '/');
            files.put("/" + name, PageFile.of(name, Files.readAllBytes(path)));
        }
        files.put("/", files.get("/index.html"));
        return new PageFiles(Map.copyOf(files));
    }

    Optional<PageFile> find(String path) {
        return Optional.ofNullable(files.get(path));
    }

    /**
     * @param gzip the same, compressed; empty where that gains nothing
     * @param forever its name changes when its content does, so a browser may keep it
     */
    record PageFile(String type, byte[] bytes, Optional<byte[]> gzip, boolean forever) {
        private static PageFile of(String name, byte[] bytes) throws IOException {
            String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
            ByteArrayOutputStream compressed = new ByteArrayOutputStream();
            try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
                out.write(bytes);
            }
            boolean gains = compressed.size() < bytes.length * 0.9;
            return new PageFile(
                    type,
                    bytes,
                    gains ? Optional.of(compressed.toByteArray()) : Optional.empty(),
                    name.startsWith("assets/"));
        }
    }
}
