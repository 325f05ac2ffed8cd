package dev.weft.yjs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Yjs itself, in a Node process that answers questions (src/test/js/oracle.mjs). Where Node is missing the calling test is
 * skipped, except under CI=true, where it fails. The npm packages are installed when they are missing or not those of the
 * lock file.
 */
final class Oracle implements AutoCloseable {
    private static final Path FOLDER = Path.of("src", "test", "js");

    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter questions;

    private Oracle() throws IOException {
        process = new ProcessBuilder("node", "--stack-size=4000", "oracle.mjs")
                .directory(FOLDER.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        questions = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), UTF_8));
    }

    static Oracle start() throws IOException, InterruptedException {
        requireNode();
        return new Oracle();
    }

    /** Runs a script of src/test/js to its end. */
    static void run(String... script) throws IOException, InterruptedException {
        requireNode();
        List<String> command = new ArrayList<>(List.of("node"));
        command.addAll(List.of(script));
        Process process = new ProcessBuilder(command)
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            Assertions.fail(command + " failed:\n" + output);
        }
    }

    private static void requireNode() throws IOException, InterruptedException {
        if (!runs("node", "--version") || !runs("npm", "--version")) {
            String word = "Node.js and npm are needed to compare with Yjs itself, and were not found";
            if ("true".equals(System.getenv("CI"))) {
                Assertions.fail(word);
            }
            Assumptions.abort(word);
        }
        install();
    }

    private static void install() throws IOException, InterruptedException {
        Path lock = FOLDER.resolve("package-lock.json");
        Path installed = FOLDER.resolve("node_modules").resolve(".installed-package-lock.json");
        if (Files.exists(installed) && Files.mismatch(lock, installed) < 0) {
            return;
        }
        Process npm = new ProcessBuilder("npm", "ci")
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(npm.getInputStream().readAllBytes(), UTF_8);
        if (npm.waitFor() != 0) {
            Assertions.fail("npm ci failed in " + FOLDER + ":\n" + output);
        }
        Files.copy(lock, installed);
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException notFound) {
            return false;
        }
    }

    /** A random history and what Yjs makes of it. */
    History history(long seed) {
        ask("case " + seed);
        List<String> lines = new ArrayList<>();
        String line = answer();
        while (!line.equals("end")) {
            lines.add(line);
            line = answer();
        }
        return History.parse(lines);
    }

    /**
     * Lists of updates that overlap, and what Yjs merges each to.
     *
     * @param updates overlap, are cut anywhere, have gaps, and may hold parts of each other
     * @param merged {@code Y.mergeUpdates}
     */
    record Overlap(List<byte[]> updates, byte[] merged) {}

    List<Overlap> overlaps(long seed) {
        ask("overlaps " + seed);
        List<Overlap> overlaps = new ArrayList<>();
        for (String line = answer(); !line.equals("end"); line = answer()) {
            int space = line.indexOf(' ');
            overlaps.add(new Overlap(
                    bytes(line.substring(0, space)),
                    bytes(line.substring(space + 1)).getFirst()));
        }
        return overlaps;
    }

    /**
     * Documents with subdocuments.
     *
     * @param states of the documents that made the updates, and last of one that has all of them
     * @param subdocuments of each: sorted, guid and options as JSON in base64, all with spaces between
     */
    record WithSubdocuments(List<byte[]> updates, List<byte[]> states, List<String> subdocuments) {}

    WithSubdocuments subdocuments(long seed) {
        ask("subdocs " + seed);
        return new WithSubdocuments(bytes(answer()), bytes(answer()), List.of(answer().split(",", -1)));
    }

    /** The text "text" of a document that applied an update. */
    String text(byte[] update) {
        ask("text " + base64(update));
        return new String(one(), UTF_8);
    }

    /** {@code Y.mergeUpdates}. */
    byte[] merge(List<byte[]> updates) {
        ask("merge " + base64(updates));
        return one();
    }

    /**
     * Updates in encoding V2, and what Yjs makes of them.
     *
     * @param merged {@code Y.mergeUpdatesV2}
     * @param stateVector {@code Y.encodeStateVectorFromUpdateV2} of the merge
     * @param difference {@code Y.diffUpdateV2} of the merge and {@code have}
     */
    record V2(List<byte[]> updates, byte[] merged, byte[] stateVector, byte[] have, byte[] difference) {}

    V2 v2(long seed) {
        ask("v2 " + seed);
        return new V2(bytes(answer()), one(), one(), one(), one());
    }

    private byte[] one() {
        return bytes(answer()).getFirst();
    }

    /** "yes" if two lists of updates lead to the same document in Yjs, else what each leads to. */
    String same(List<byte[]> left, List<byte[]> right) {
        ask("same " + base64(left) + " " + base64(right));
        return answer();
    }

    /**
     * {@link #same} for documents that keep formatting that has become redundant. What Yjs takes for redundant depends on the
     * order of updates, now and then visibly.
     */
    String alike(List<byte[]> left, List<byte[]> right) {
        ask("alike " + base64(left) + " " + base64(right));
        return answer();
    }

    /** Applies updates one after the other to a document that has {@code base}; for each "waits" if structs wait then, else "ok". */
    List<String> pieces(byte[] base, List<byte[]> updates) {
        ask("pieces " + base64(base) + " " + base64(updates));
        return List.of(answer().split(","));
    }

    /** The state of a document with {@code gc: true} that applied updates one after the other. */
    byte[] collected(List<byte[]> updates) {
        ask("collected " + base64(updates));
        return one();
    }

    /** Whether a document with {@code gc: false} that applied updates shows the same after it was loaded from its own state. */
    boolean survivesLoading(List<byte[]> updates) {
        ask("survives " + base64(updates));
        return answer().equals("yes");
    }

    /** Makes clients with a random history. @return all updates that any of them knows */
    List<byte[]> begin(long seed) {
        ask("begin " + seed);
        return bytes(answer());
    }

    /**
     * Lets the clients of {@link #begin} edit on, with others that load {@code state}.
     *
     * @return whether all were equal in the end, and what they did
     */
    Continuation continueWith(byte[] state) {
        ask("continue " + base64(state));
        return new Continuation(answer(), Integer.parseInt(answer()), bytes(answer()));
    }

    /**
     * What clients did after a compaction.
     *
     * @param verdict "yes" if all of them ended with the same document, and with the one made from all updates as they were
     * @param undone how many undo and redo changed something
     */
    record Continuation(String verdict, int undone, List<byte[]> updates) {}

    /** The verdict of {@link #continueWith} where no other than Yjs had a hand in it: on the state that Yjs itself collected. */
    String continueAlone(long seed) {
        ask("alone " + seed);
        return answer();
    }

    /** Applies updates, each to a new document that has {@code base}; for each "ok" or what Yjs throws. */
    List<String> apply(byte[] base, List<byte[]> updates) {
        ask("apply " + base64(base) + " " + base64(updates));
        return List.of(answer().split(","));
    }

    /** For each text whether JSON.parse takes it. */
    boolean[] isJson(List<byte[]> texts) {
        ask("json " + base64(texts));
        String answer = answer();
        boolean[] is = new boolean[texts.size()];
        for (int i = 0; i < is.length; i++) {
            is[i] = answer.charAt(i) == '1';
        }
        return is;
    }

    /** A random history and what documents of Yjs told and showed that applied it. */
    DocumentHistory document(long seed) {
        ask("document " + seed);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < DocumentHistory.LINES; i++) {
            lines.add(answer());
        }
        return DocumentHistory.parse("seed " + seed, lines);
    }

    /** Lets the twins of src/test/js/document.mjs do something. @return what they tell */
    List<String> twins(String command) {
        ask("twin " + base64(command.getBytes(UTF_8)));
        List<String> lines = new ArrayList<>();
        for (String line = answer(); !line.equals("end"); line = answer()) {
            lines.add(line);
        }
        return lines;
    }

    /** Applies awareness payloads one after the other; for each the clients whose states were news, ascending. */
    List<String> awarenessNews(List<byte[]> payloads) {
        ask("awareness " + base64(payloads));
        return List.of(answer().split(",", -1));
    }

    /**
     * An awareness in time.
     *
     * @param steps each a time in milliseconds, a colon and a payload in base64 to apply, or nothing to let expire who is out of time
     * @return for each the clients whose states were news, a slash, and all clients with clocks, those who left with a minus
     */
    List<String> expiry(List<String> steps) {
        ask("expiry " + String.join(",", steps));
        return List.of(answer().split(",", -1));
    }

    static String base64(List<byte[]> updates) {
        return updates.stream().map(Oracle::base64).collect(Collectors.joining(","));
    }

    static String base64(byte[] bytes) {
        return bytes.length == 0 ? "=" : Base64.getEncoder().encodeToString(bytes);
    }

    private static List<byte[]> bytes(String base64) {
        List<byte[]> all = new ArrayList<>();
        for (String one : base64.split(",", -1)) {
            if (!one.isEmpty()) {
                all.add(one.equals("=") ? new byte[0] : Base64.getDecoder().decode(one));
            }
        }
        return all;
    }

    private void ask(String question) {
        try {
            questions.write(question);
            questions.newLine();
            questions.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String answer() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new IllegalStateException("the Node process has ended");
            }
            if (line.startsWith("error ")) {
                throw new IllegalStateException("Yjs failed: " + line);
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        questions.close();
        process.destroy();
    }
}
