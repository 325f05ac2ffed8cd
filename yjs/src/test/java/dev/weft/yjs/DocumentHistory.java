package dev.weft.yjs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/**
 * Updates as a server may see them, and what a document of Yjs told and showed that applied them one after the other, with and without
 * collecting garbage (src/test/js/document.mjs).
 */
record DocumentHistory(String name, List<byte[]> updates, Told collecting, Told keeping) {
    /** Of an answer. */
    static final int LINES = 11;

    /**
     * What one document showed.
     *
     * @param updates that it told, in base64
     * @param untyped its state before anybody asked for its types
     * @param content what {@link Shown#content} makes
     * @param state after that
     */
    record Told(List<String> updates, String untyped, String stateVector, String content, String state) {
        static Told parse(List<String> lines, int from) {
            List<String> updates = lines.get(from).isEmpty()
                    ? List.of()
                    : List.of(lines.get(from).split(",", -1));
            return new Told(
                    updates, lines.get(from + 1), lines.get(from + 2), lines.get(from + 3), lines.get(from + 4));
        }
    }

    /** From the lines of an answer. */
    static DocumentHistory parse(String name, List<String> lines) {
        List<byte[]> updates = new ArrayList<>();
        for (String update : lines.getFirst().split(",", -1)) {
            if (!update.isEmpty()) {
                updates.add(
                        update.equals("=") ? new byte[0] : Base64.getDecoder().decode(update));
            }
        }
        return new DocumentHistory(name, updates, Told.parse(lines, 1), Told.parse(lines, 6));
    }

    /** The histories of the golden file. */
    static List<DocumentHistory> golden() {
        try (InputStream file = DocumentHistory.class.getResourceAsStream("/golden/documents.txt")) {
            List<String> lines = new String(Objects.requireNonNull(file).readAllBytes(), UTF_8)
                    .lines()
                    .toList();
            List<DocumentHistory> histories = new ArrayList<>();
            for (int i = 0; i < lines.size(); i += LINES + 1) {
                histories.add(parse(lines.get(i), lines.subList(i + 1, i + 1 + LINES)));
            }
            return histories;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A YDoc that is given the same updates must tell and show the same. */
    void check() {
        check(true, collecting);
        check(false, keeping);
    }

    private void check(boolean gc, Told expected) {
        String as = name + (gc ? ", collecting" : ", keeping");
        YDoc doc = new YDoc(YDocOptions.builder().clientId(1).gc(gc).build());
        List<String> told = new ArrayList<>();
        doc.onUpdate(event -> told.add(Oracle.base64(event.update())));
        boolean merged = false;
        for (byte[] update : updates) {
            doc.applyUpdate(update);
            merged |= doc.hasPending();
        }
        // What waits is merged, and where that has to choose between an item and its collected form, Yjs's choice is by
        // chance.
        boolean canonical = !merged || !History.hasCollectedElsewhere(updates);
        if (canonical) {
            assertThat(told).as("updates told, %s", as).isEqualTo(expected.updates());
            assertThat(state(doc)).as("state, %s", as).isEqualTo(normalised(expected.untyped(), doc));
        }
        assertThat(Oracle.base64(doc.stateVector().encode()))
                .as("state vector, %s", as)
                .isEqualTo(expected.stateVector());
        assertThat(Shown.content(doc)).as("content, %s", as).isEqualTo(expected.content());
        if (canonical) {
            assertThat(state(doc)).as("state with types, %s", as).isEqualTo(normalised(expected.state(), doc));
        }
    }

    private static String state(YDoc doc) {
        return normalised(Oracle.base64(doc.encodeStateAsUpdate()), doc);
    }

    /** Where something waits, the state is a merge, in which Yjs loses a bit that means nothing; see {@link History#normalised}. */
    private static String normalised(String update, YDoc doc) {
        return doc.hasPending()
                ? Oracle.base64(History.normalised(Base64.getDecoder().decode(update)))
                : update;
    }
}
