package dev.weft.benchmarks.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The results of single runs, a file each: {@code SCENARIO.SERVER.NUMBER.json}. A comparison of hours may so be made in parts.
 *
 * @param folder of the files
 */
record ResultStore(Path folder) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    static ResultStore in(Path folder) {
        try {
            return new ResultStore(Files.createDirectories(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void add(String scenario, String server, LoadResult result) {
        try {
            int number = files(scenario, server).size() + 1;
            while (Files.exists(file(scenario, server, number))) {
                number++;
            }
            // At once or not at all: a run that is stopped must leave nothing behind that cannot be read.
            Path draft = Files.write(folder.resolve("draft"), JSON.writeValueAsBytes(result));
            Files.move(draft, file(scenario, server, number), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(String scenario, String server, int number) {
        return folder.resolve(scenario + "." + server + "." + number + ".json");
    }

    /** All runs so far. */
    List<LoadResult> results(String scenario, String server) {
        try {
            List<LoadResult> results = new ArrayList<>();
            for (Path file : files(scenario, server)) {
                results.add(JSON.readValue(file.toFile(), LoadResult.class));
            }
            return results;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void forget(String scenario, String server) {
        try {
            for (Path file : files(scenario, server)) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> files(String scenario, String server) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.getFileName().toString().startsWith(scenario + "." + server + "."))
                    .sorted()
                    .toList();
        }
    }
}
