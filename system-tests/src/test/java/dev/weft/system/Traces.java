package dev.weft.system;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Recorded editing sessions; {@code traces/README.md} says where they come from. */
final class Traces {
    /** Two people type into one document at the same time. */
    static final String FRIENDS = "friendsforever.json.gz";
    /** One author types a paper. */
    static final String PAPER = "automerge-paper.json.gz";

    private Traces() {}

    static String path(String trace) {
        return file(trace).toString();
    }

    /** The text that the session ended with. */
    static String endContent(String trace) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file(trace)))) {
            return new ObjectMapper().readTree(in).get("endContent").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path file(String trace) {
        return Checkout.ROOT.resolve("traces").resolve(trace);
    }
}
