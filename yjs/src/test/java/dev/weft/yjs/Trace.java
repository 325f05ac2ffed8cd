package dev.weft.yjs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;

/**
 * A recorded session as small updates, and what Yjs makes of them (src/test/js/traces.mjs, which describes the file).
 *
 * @param have a state vector of about the first half
 * @param collected the state of a document with {@code gc: true} that has loaded it
 * @param text of its root type "text"
 */
record Trace(
        List<byte[]> updates,
        byte[] merged,
        byte[] stateVector,
        byte[] have,
        byte[] difference,
        byte[] v2,
        byte[] collected,
        String text) {
    private static final Path SCRIPTS = Path.of("src", "test", "js");
    private static final Path CACHE = Path.of("target", "traces");

    /** The beginning of a session, as it was recorded from Yjs. */
    static Trace golden(String name) throws IOException {
        try (InputStream file =
                Objects.requireNonNull(Trace.class.getResourceAsStream("/golden/traces/" + name + ".bin.gz"))) {
            return parse(new GZIPInputStream(file).readAllBytes());
        }
    }

    /** A whole session. Yjs replays it unless it has done so before with the same scripts. */
    static Trace replayed(String name) throws IOException, InterruptedException {
        CRC32 version = new CRC32();
        for (Path script : List.of(
                SCRIPTS.resolve("traces.mjs"),
                SCRIPTS.resolve("package-lock.json"),
                Path.of("..", "traces", "replay.mjs"),
                Path.of("..", "traces", name + ".json.gz"))) {
            version.update(Files.readAllBytes(script));
        }
        Path file = CACHE.resolve(name + "-" + Long.toHexString(version.getValue()) + ".bin");
        if (!Files.exists(file)) {
            Oracle.run("traces.mjs", name, file.toAbsolutePath().toString());
        }
        return parse(Files.readAllBytes(file));
    }

    private static Trace parse(byte[] bytes) {
        Input in = Input.trusting(bytes);
        int count = (in.uint8() << 24) | (in.uint8() << 16) | (in.uint8() << 8) | in.uint8();
        List<byte[]> updates = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            updates.add(part(in));
        }
        Trace trace = new Trace(
                updates, part(in), part(in), part(in), part(in), part(in), part(in), new String(part(in), UTF_8));
        in.expectEnd();
        return trace;
    }

    private static byte[] part(Input in) {
        int length = in.byteLength();
        int from = in.position();
        in.skip(length);
        return Arrays.copyOfRange(in.bytes(), from, from + length);
    }
}
